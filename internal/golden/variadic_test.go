package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/variadic"
	guard "github.com/guardgen/guardgen/runtime"
)

type variadicFake struct{ pinger }

func (f variadicFake) Del(ctx context.Context, keys ...string) (int64, error) {
	r := f.Called("Del", ctx, keys)
	return exercise.Result[int64](r, 0), exercise.Result[error](r, 1)
}

func (f variadicFake) Eval(ctx context.Context, script string, args ...any) (any, error) {
	r := f.Called("Eval", ctx, script, args)
	return exercise.Result[any](r, 0), exercise.Result[error](r, 1)
}

func (f variadicFake) Get(ctx context.Context, key string, options ...variadic.Option) (string, error) {
	r := f.Called("Get", ctx, key, options)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func (f variadicFake) Each(ctx context.Context, functions ...func(key string, values ...int) error) error {
	return exercise.Result[error](f.Called("Each", ctx, functions), 0)
}

func TestVariadic(t *testing.T) {
	subject[variadic.Cache]{
		Dependency: "cache",
		Wrap: func(r *guard.HealthRegistry, next variadic.Cache) (variadic.Cache, error) {
			return variadic.NewGuardedCache(r, next)
		},
		Fake:        func(r *exercise.Recorder) variadic.Cache { return variadicFake{pinger{r}} },
		Destructive: []string{"Del"},
	}.Exercise(t)
}
