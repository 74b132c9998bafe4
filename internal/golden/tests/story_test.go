package tests

import (
	"context"
	"reflect"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	guard "github.com/guardgen/guardgen/runtime"
)

type storeFake struct{ *exercise.Recorder }

func (f storeFake) Ping(ctx context.Context) error {
	return exercise.Result[error](f.Called("Ping", ctx), 0)
}

func (f storeFake) Set(ctx context.Context, id ID, secret secret) error {
	return exercise.Result[error](f.Called("Set", ctx, id, secret), 0)
}

func TestInterfaceOfATestIsGuarded(t *testing.T) {
	exercise.Subject[Fake, Fake]{
		Dependency: "fake",
		Wrap:       func(r *guard.HealthRegistry, next Fake) (Fake, error) { return NewGuardedFake(r, next) },
		Fake:       func(r *exercise.Recorder) Fake { return storeFake{r} },
	}.Exercise(t)
}

func TestInterfaceBesideTestsIsGuarded(t *testing.T) {
	exercise.Subject[Store, Store]{
		Dependency: "store",
		Wrap:       func(r *guard.HealthRegistry, next Store) (Store, error) { return NewGuardedStore(r, next) },
		Fake:       func(r *exercise.Recorder) Store { return storeFake{r} },
	}.Exercise(t)
}

func TestMethodThatOnlyTestsHaveIsNotWrapped(t *testing.T) {
	if _, ok := reflect.TypeFor[*Client]().MethodByName("Extra"); !ok {
		t.Fatal("the client has no method of the tests")
	}
	if _, ok := reflect.TypeFor[*GuardedClient]().MethodByName("Extra"); ok {
		t.Error("the wrapper outside of tests has a method that only tests have")
	}
}
