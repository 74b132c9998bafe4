package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/variadic"
	guard "github.com/guardgen/guardgen/runtime"
)

type variadicFake struct{ pinger }

func (f variadicFake) Del(ctx context.Context, keys ...string) (int64, error) {
	r := f.called("Del", ctx, keys)
	return result[int64](r, 0), result[error](r, 1)
}

func (f variadicFake) Eval(ctx context.Context, script string, args ...any) (any, error) {
	r := f.called("Eval", ctx, script, args)
	return result[any](r, 0), result[error](r, 1)
}

func (f variadicFake) Get(ctx context.Context, key string, options ...variadic.Option) (string, error) {
	r := f.called("Get", ctx, key, options)
	return result[string](r, 0), result[error](r, 1)
}

func (f variadicFake) Each(ctx context.Context, functions ...func(key string, values ...int) error) error {
	return result[error](f.called("Each", ctx, functions), 0)
}

func TestVariadic(t *testing.T) {
	subject[variadic.Cache]{
		dependency: "cache",
		wrap: func(r *guard.HealthRegistry, next variadic.Cache) (variadic.Cache, error) {
			return variadic.NewGuardedCache(r, next)
		},
		fake:        func(r *recorder) variadic.Cache { return variadicFake{pinger{r}} },
		destructive: []string{"Del"},
	}.exercise(t)
}
