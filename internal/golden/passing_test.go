package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/passing"
	guard "github.com/guardgen/guardgen/runtime"
)

type passingFake struct{ pinger }

func (f passingFake) Len() int { return result[int](f.called("Len"), 0) }

func (f passingFake) Stats(ctx context.Context) (int, int) {
	r := f.called("Stats", ctx)
	return result[int](r, 0), result[int](r, 1)
}

func (f passingFake) Reuse(ctx context.Context, s string) { f.called("Reuse", ctx, s) }

func (f passingFake) Free() int { return result[int](f.called("Free"), 0) }

func (f passingFake) Busy() (int, int) {
	r := f.called("Busy")
	return result[int](r, 0), result[int](r, 1)
}

func (f passingFake) Close() error { return result[error](f.called("Close"), 0) }

func (f passingFake) Hijack(g string, n ...int) (any, error) {
	r := f.called("Hijack", g, n)
	return result[any](r, 0), result[error](r, 1)
}

func TestPassing(t *testing.T) {
	t.Run("Pool", subject[passing.Pool]{
		dependency: "pool",
		wrap: func(r *guard.HealthRegistry, next passing.Pool) (passing.Pool, error) {
			return passing.NewGuardedPool(r, next)
		},
		fake:      func(r *recorder) passing.Pool { return passingFake{pinger{r}} },
		unguarded: []string{"Len", "Stats", "Reuse", "Free", "Busy", "Close", "Hijack"},
	}.exercise)
	t.Run("Handle", subject[passing.Handle]{
		dependency: "handle",
		wrap: func(r *guard.HealthRegistry, next passing.Handle) (passing.Handle, error) {
			return passing.NewGuardedHandle(r, next, alive)
		},
		fake:      func(r *recorder) passing.Handle { return passingFake{pinger{r}} },
		unguarded: []string{"Close"},
	}.exercise)
}
