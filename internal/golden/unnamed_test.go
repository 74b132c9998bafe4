package golden_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/unnamed"
	guard "github.com/guardgen/guardgen/runtime"
)

type unnamedFake struct{ pinger }

func (f unnamedFake) Find(ctx context.Context, name string, options *unnamed.ListOptions) ([]*unnamed.Entry, error) {
	r := f.Called("Find", ctx, name, options)
	return exercise.Result[[]*unnamed.Entry](r, 0), exercise.Result[error](r, 1)
}

func (f unnamedFake) Range(ctx context.Context, from, to string, at time.Time, d time.Duration) (map[string]unnamed.Entry, error) {
	r := f.Called("Range", ctx, from, to, at, d)
	return exercise.Result[map[string]unnamed.Entry](r, 0), exercise.Result[error](r, 1)
}

func (f unnamedFake) Store(ctx context.Context, entry unnamed.Entry, data []byte, tags ...string) (bool, error) {
	r := f.Called("Store", ctx, entry, data, tags)
	return exercise.Result[bool](r, 0), exercise.Result[error](r, 1)
}

func (f unnamedFake) Move(ctx context.Context, from, to *url.URL) (int64, error) {
	r := f.Called("Move", ctx, from, to)
	return exercise.Result[int64](r, 0), exercise.Result[error](r, 1)
}

func (f unnamedFake) Watch(ctx context.Context, fn func(unnamed.Entry), ch chan<- unnamed.Entry, v any) (string, error) {
	r := f.Called("Watch", ctx, fn, ch, v)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func (f unnamedFake) Both(ctx context.Context, first, second int) (int, float64, error) {
	r := f.Called("Both", ctx, first, second)
	return exercise.Result[int](r, 0), exercise.Result[float64](r, 1), exercise.Result[error](r, 2)
}

func TestUnnamed(t *testing.T) {
	subject[unnamed.Directory]{
		Dependency: "directory",
		Wrap: func(r *guard.HealthRegistry, next unnamed.Directory) (unnamed.Directory, error) {
			return unnamed.NewGuardedDirectory(r, next)
		},
		Fake: func(r *exercise.Recorder) unnamed.Directory { return unnamedFake{pinger{r}} },
	}.Exercise(t)
}
