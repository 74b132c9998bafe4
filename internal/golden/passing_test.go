package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/passing"
	guard "github.com/guardgen/guardgen/runtime"
)

type passingFake struct{ pinger }

func (f passingFake) Len() int { return exercise.Result[int](f.Called("Len"), 0) }

func (f passingFake) Stats(ctx context.Context) (int, int) {
	r := f.Called("Stats", ctx)
	return exercise.Result[int](r, 0), exercise.Result[int](r, 1)
}

func (f passingFake) Reuse(ctx context.Context, s string) { f.Called("Reuse", ctx, s) }

func (f passingFake) Free() int { return exercise.Result[int](f.Called("Free"), 0) }

func (f passingFake) Busy() (int, int) {
	r := f.Called("Busy")
	return exercise.Result[int](r, 0), exercise.Result[int](r, 1)
}

func (f passingFake) Close() error { return exercise.Result[error](f.Called("Close"), 0) }

func (f passingFake) Hijack(g string, n ...int) (any, error) {
	r := f.Called("Hijack", g, n)
	return exercise.Result[any](r, 0), exercise.Result[error](r, 1)
}

func TestPassing(t *testing.T) {
	t.Run("Pool", subject[passing.Pool]{
		Dependency: "pool",
		Wrap: func(r *guard.HealthRegistry, next passing.Pool) (passing.Pool, error) {
			return passing.NewGuardedPool(r, next)
		},
		Fake:      func(r *exercise.Recorder) passing.Pool { return passingFake{pinger{r}} },
		Unguarded: []string{"Len", "Stats", "Reuse", "Free", "Busy", "Close", "Hijack"},
	}.Exercise)
	t.Run("Handle", subject[passing.Handle]{
		Dependency: "handle",
		Wrap: func(r *guard.HealthRegistry, next passing.Handle) (passing.Handle, error) {
			return passing.NewGuardedHandle(r, next, exercise.Alive)
		},
		Fake:      func(r *exercise.Recorder) passing.Handle { return passingFake{pinger{r}} },
		Unguarded: []string{"Close"},
	}.Exercise)
}
