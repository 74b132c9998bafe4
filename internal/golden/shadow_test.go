package golden_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/shadow"
	guard "github.com/guardgen/guardgen/runtime"
)

type shadowFake struct{ pinger }

func (f shadowFake) Import(ctx context.Context, url *url.URL, at time.Time, s string) error {
	return exercise.Result[error](f.Called("Import", ctx, url, at, s), 0)
}

func (f shadowFake) Keyed(ctx context.Context, a, b, c string) error {
	return exercise.Result[error](f.Called("Keyed", ctx, a, b, c), 0)
}

func (f shadowFake) Locals(ctx context.Context, a, b, c, d string) (string, error) {
	r := f.Called("Locals", ctx, a, b, c, d)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func (f shadowFake) Behind(ctx context.Context, target *shadow.Target, n int) error {
	return exercise.Result[error](f.Called("Behind", ctx, target, n), 0)
}

func (f shadowFake) Words(ctx context.Context, a, b, c, d int) (int, error) {
	r := f.Called("Words", ctx, a, b, c, d)
	return exercise.Result[int](r, 0), exercise.Result[error](r, 1)
}

func (f shadowFake) Free(a, b, c string) error {
	return exercise.Result[error](f.Called("Free", a, b, c), 0)
}

func (f shadowFake) Next(ctx context.Context) error {
	return exercise.Result[error](f.Called("Next", ctx), 0)
}

func (f shadowFake) Type(ctx context.Context) error {
	return exercise.Result[error](f.Called("Type", ctx), 0)
}

func (f shadowFake) HTTPGet(ctx context.Context) error {
	return exercise.Result[error](f.Called("HTTPGet", ctx), 0)
}

func (f shadowFake) HttpGet(ctx context.Context) error {
	return exercise.Result[error](f.Called("HttpGet", ctx), 0)
}

func TestShadow(t *testing.T) {
	subject[shadow.Shadow]{
		Dependency: "shadow",
		Wrap: func(r *guard.HealthRegistry, next shadow.Shadow) (shadow.Shadow, error) {
			return shadow.NewGuardedShadow(r, next)
		},
		Fake: func(r *exercise.Recorder) shadow.Shadow { return shadowFake{pinger{r}} },
	}.Exercise(t)
}
