package tests_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/tests"
	guard "github.com/guardgen/guardgen/runtime"
)

type fake struct{ *exercise.Recorder }

func (f fake) Ping(ctx context.Context) error {
	return exercise.Result[error](f.Called("Ping", ctx), 0)
}

func (f fake) Get(ctx context.Context, id tests.ID) error {
	return exercise.Result[error](f.Called("Get", ctx, id), 0)
}

func TestInterfaceOfAnExternalTestIsGuarded(t *testing.T) {
	exercise.Subject[Fake, Fake]{
		Dependency: "outside",
		Wrap:       func(r *guard.HealthRegistry, next Fake) (Fake, error) { return NewGuardedFake(r, next) },
		Fake:       func(r *exercise.Recorder) Fake { return fake{r} },
	}.Exercise(t)
}
