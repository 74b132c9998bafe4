package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/generic"
	guard "github.com/guardgen/guardgen/runtime"
)

type storeFake[K comparable, V any] struct{ pinger }

func (f storeFake[K, V]) Get(ctx context.Context, key K) (V, error) {
	r := f.Called("Get", ctx, key)
	return exercise.Result[V](r, 0), exercise.Result[error](r, 1)
}

func (f storeFake[K, V]) List(ctx context.Context, keys ...K) (map[K]*generic.Page[V], error) {
	r := f.Called("List", ctx, keys)
	return exercise.Result[map[K]*generic.Page[V]](r, 0), exercise.Result[error](r, 1)
}

func (f storeFake[K, V]) Delete(ctx context.Context, key K) error {
	return exercise.Result[error](f.Called("Delete", ctx, key), 0)
}

type counterFake struct{ pinger }

func (f counterFake) Labels(ctx context.Context) ([]generic.Label, error) {
	r := f.Called("Labels", ctx)
	return exercise.Result[[]generic.Label](r, 0), exercise.Result[error](r, 1)
}

func (f counterFake) Add(ctx context.Context, label string, n int, into *int) (int, error) {
	r := f.Called("Add", ctx, label, n, into)
	return exercise.Result[int](r, 0), exercise.Result[error](r, 1)
}

// rows is what the unexported interface of package generic asks for.
type rows interface {
	Ping(ctx context.Context) error
	Row(ctx context.Context, id int) (string, error)
}

type rowsFake struct{ pinger }

func (f rowsFake) Row(ctx context.Context, id int) (string, error) {
	r := f.Called("Row", ctx, id)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func TestGeneric(t *testing.T) {
	t.Run("Store", subject[generic.Store[int64, []string]]{
		Dependency: "store",
		Wrap: func(r *guard.HealthRegistry, next generic.Store[int64, []string]) (generic.Store[int64, []string], error) {
			return generic.NewGuardedStore(r, next)
		},
		Fake: func(r *exercise.Recorder) generic.Store[int64, []string] {
			return storeFake[int64, []string]{pinger{r}}
		},
		Destructive: []string{"Delete"},
	}.Exercise)
	t.Run("Counter", subject[generic.Counter[string, int, *int]]{
		Dependency: "counter",
		Wrap: func(r *guard.HealthRegistry, next generic.Counter[string, int, *int]) (generic.Counter[string, int, *int], error) {
			return generic.NewGuardedCounter(r, next)
		},
		Fake: func(r *exercise.Recorder) generic.Counter[string, int, *int] { return counterFake{pinger{r}} },
	}.Exercise)
	t.Run("Names", subject[generic.Names]{
		Dependency: "names",
		Wrap: func(r *guard.HealthRegistry, next generic.Names) (generic.Names, error) {
			return generic.NewSafeNames(r, next)
		},
		Fake: func(r *exercise.Recorder) generic.Names {
			return storeFake[string, []generic.Label]{pinger{r}}
		},
		Destructive: []string{"Delete"},
	}.Exercise)
	t.Run("table", subject[rows]{
		Dependency: "table",
		Wrap:       func(r *guard.HealthRegistry, next rows) (rows, error) { return generic.NewTable(r, next) },
		Fake:       func(r *exercise.Recorder) rows { return rowsFake{pinger{r}} },
	}.Exercise)
}
