package golden_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/golden/shadow"
	guard "github.com/guardgen/guardgen/runtime"
)

type shadowFake struct{ pinger }

func (f shadowFake) Import(ctx context.Context, url *url.URL, at time.Time, s string) error {
	return result[error](f.called("Import", ctx, url, at, s), 0)
}

func (f shadowFake) Keyed(ctx context.Context, a, b, c string) error {
	return result[error](f.called("Keyed", ctx, a, b, c), 0)
}

func (f shadowFake) Locals(ctx context.Context, a, b, c, d string) (string, error) {
	r := f.called("Locals", ctx, a, b, c, d)
	return result[string](r, 0), result[error](r, 1)
}

func (f shadowFake) Behind(ctx context.Context, target *shadow.Target, n int) error {
	return result[error](f.called("Behind", ctx, target, n), 0)
}

func (f shadowFake) Words(ctx context.Context, a, b, c, d int) (int, error) {
	r := f.called("Words", ctx, a, b, c, d)
	return result[int](r, 0), result[error](r, 1)
}

func (f shadowFake) Free(a, b, c string) error { return result[error](f.called("Free", a, b, c), 0) }

func (f shadowFake) Next(ctx context.Context) error { return result[error](f.called("Next", ctx), 0) }

func (f shadowFake) Type(ctx context.Context) error { return result[error](f.called("Type", ctx), 0) }

func (f shadowFake) HTTPGet(ctx context.Context) error {
	return result[error](f.called("HTTPGet", ctx), 0)
}

func (f shadowFake) HttpGet(ctx context.Context) error {
	return result[error](f.called("HttpGet", ctx), 0)
}

func TestShadow(t *testing.T) {
	subject[shadow.Shadow]{
		dependency: "shadow",
		wrap: func(r *guard.HealthRegistry, next shadow.Shadow) (shadow.Shadow, error) {
			return shadow.NewGuardedShadow(r, next)
		},
		fake: func(r *recorder) shadow.Shadow { return shadowFake{pinger{r}} },
	}.exercise(t)
}
