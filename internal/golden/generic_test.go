package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/generic"
	guard "github.com/guardgen/guardgen/runtime"
)

type storeFake[K comparable, V any] struct{ pinger }

func (f storeFake[K, V]) Get(ctx context.Context, key K) (V, error) {
	r := f.called("Get", ctx, key)
	return result[V](r, 0), result[error](r, 1)
}

func (f storeFake[K, V]) List(ctx context.Context, keys ...K) (map[K]*generic.Page[V], error) {
	r := f.called("List", ctx, keys)
	return result[map[K]*generic.Page[V]](r, 0), result[error](r, 1)
}

func (f storeFake[K, V]) Delete(ctx context.Context, key K) error {
	return result[error](f.called("Delete", ctx, key), 0)
}

type counterFake struct{ pinger }

func (f counterFake) Labels(ctx context.Context) ([]generic.Label, error) {
	r := f.called("Labels", ctx)
	return result[[]generic.Label](r, 0), result[error](r, 1)
}

func (f counterFake) Add(ctx context.Context, label string, n int, into *int) (int, error) {
	r := f.called("Add", ctx, label, n, into)
	return result[int](r, 0), result[error](r, 1)
}

// rows is what the unexported interface of package generic asks for.
type rows interface {
	Ping(ctx context.Context) error
	Row(ctx context.Context, id int) (string, error)
}

type rowsFake struct{ pinger }

func (f rowsFake) Row(ctx context.Context, id int) (string, error) {
	r := f.called("Row", ctx, id)
	return result[string](r, 0), result[error](r, 1)
}

func TestGeneric(t *testing.T) {
	t.Run("Store", subject[generic.Store[int64, []string]]{
		dependency: "store",
		wrap: func(r *guard.HealthRegistry, next generic.Store[int64, []string]) (generic.Store[int64, []string], error) {
			return generic.NewGuardedStore(r, next)
		},
		fake:        func(r *recorder) generic.Store[int64, []string] { return storeFake[int64, []string]{pinger{r}} },
		destructive: []string{"Delete"},
	}.exercise)
	t.Run("Counter", subject[generic.Counter[string, int, *int]]{
		dependency: "counter",
		wrap: func(r *guard.HealthRegistry, next generic.Counter[string, int, *int]) (generic.Counter[string, int, *int], error) {
			return generic.NewGuardedCounter(r, next)
		},
		fake: func(r *recorder) generic.Counter[string, int, *int] { return counterFake{pinger{r}} },
	}.exercise)
	t.Run("Names", subject[generic.Names]{
		dependency: "names",
		wrap: func(r *guard.HealthRegistry, next generic.Names) (generic.Names, error) {
			return generic.NewSafeNames(r, next)
		},
		fake:        func(r *recorder) generic.Names { return storeFake[string, []generic.Label]{pinger{r}} },
		destructive: []string{"Delete"},
	}.exercise)
	t.Run("table", subject[rows]{
		dependency: "table",
		wrap:       func(r *guard.HealthRegistry, next rows) (rows, error) { return generic.NewTable(r, next) },
		fake:       func(r *recorder) rows { return rowsFake{pinger{r}} },
	}.exercise)
}
