package golden_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/golden/unnamed"
	guard "github.com/guardgen/guardgen/runtime"
)

type unnamedFake struct{ pinger }

func (f unnamedFake) Find(ctx context.Context, name string, options *unnamed.ListOptions) ([]*unnamed.Entry, error) {
	r := f.called("Find", ctx, name, options)
	return result[[]*unnamed.Entry](r, 0), result[error](r, 1)
}

func (f unnamedFake) Range(ctx context.Context, from, to string, at time.Time, d time.Duration) (map[string]unnamed.Entry, error) {
	r := f.called("Range", ctx, from, to, at, d)
	return result[map[string]unnamed.Entry](r, 0), result[error](r, 1)
}

func (f unnamedFake) Store(ctx context.Context, entry unnamed.Entry, data []byte, tags ...string) (bool, error) {
	r := f.called("Store", ctx, entry, data, tags)
	return result[bool](r, 0), result[error](r, 1)
}

func (f unnamedFake) Move(ctx context.Context, from, to *url.URL) (int64, error) {
	r := f.called("Move", ctx, from, to)
	return result[int64](r, 0), result[error](r, 1)
}

func (f unnamedFake) Watch(ctx context.Context, fn func(unnamed.Entry), ch chan<- unnamed.Entry, v any) (string, error) {
	r := f.called("Watch", ctx, fn, ch, v)
	return result[string](r, 0), result[error](r, 1)
}

func (f unnamedFake) Both(ctx context.Context, first, second int) (int, float64, error) {
	r := f.called("Both", ctx, first, second)
	return result[int](r, 0), result[float64](r, 1), result[error](r, 2)
}

func TestUnnamed(t *testing.T) {
	subject[unnamed.Directory]{
		dependency: "directory",
		wrap: func(r *guard.HealthRegistry, next unnamed.Directory) (unnamed.Directory, error) {
			return unnamed.NewGuardedDirectory(r, next)
		},
		fake: func(r *recorder) unnamed.Directory { return unnamedFake{pinger{r}} },
	}.exercise(t)
}
