package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/embedded"
	"github.com/guardgen/guardgen/internal/golden/embedded/foreign"
	guard "github.com/guardgen/guardgen/runtime"
)

type embeddedFake struct{ pinger }

func (f embeddedFake) Write(ctx context.Context, record *foreign.Record) error {
	return result[error](f.called("Write", ctx, record), 0)
}

func (f embeddedFake) Purge(ctx context.Context, names []string) error {
	return result[error](f.called("Purge", ctx, names), 0)
}

func (f embeddedFake) Read(ctx context.Context, name string) (*foreign.Record, error) {
	r := f.called("Read", ctx, name)
	return result[*foreign.Record](r, 0), result[error](r, 1)
}

func (f embeddedFake) Count(ctx context.Context) (int, error) {
	r := f.called("Count", ctx)
	return result[int](r, 0), result[error](r, 1)
}

func (f embeddedFake) Close() error { return result[error](f.called("Close"), 0) }

func TestEmbedded(t *testing.T) {
	subject[embedded.Archive]{
		dependency: "archive",
		wrap: func(r *guard.HealthRegistry, next embedded.Archive) (embedded.Archive, error) {
			return embedded.NewGuardedArchive(r, next)
		},
		fake:        func(r *recorder) embedded.Archive { return embeddedFake{pinger{r}} },
		destructive: []string{"Purge"}, heavy: []string{"Count"}, unguarded: []string{"Close"},
	}.exercise(t)
}
