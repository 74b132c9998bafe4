package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/embedded"
	"github.com/guardgen/guardgen/internal/golden/embedded/foreign"
	guard "github.com/guardgen/guardgen/runtime"
)

type embeddedFake struct{ pinger }

func (f embeddedFake) Write(ctx context.Context, record *foreign.Record) error {
	return exercise.Result[error](f.Called("Write", ctx, record), 0)
}

func (f embeddedFake) Purge(ctx context.Context, names []string) error {
	return exercise.Result[error](f.Called("Purge", ctx, names), 0)
}

func (f embeddedFake) Read(ctx context.Context, name string) (*foreign.Record, error) {
	r := f.Called("Read", ctx, name)
	return exercise.Result[*foreign.Record](r, 0), exercise.Result[error](r, 1)
}

func (f embeddedFake) Count(ctx context.Context) (int, error) {
	r := f.Called("Count", ctx)
	return exercise.Result[int](r, 0), exercise.Result[error](r, 1)
}

func (f embeddedFake) Close() error { return exercise.Result[error](f.Called("Close"), 0) }

func TestEmbedded(t *testing.T) {
	subject[embedded.Archive]{
		Dependency: "archive",
		Wrap: func(r *guard.HealthRegistry, next embedded.Archive) (embedded.Archive, error) {
			return embedded.NewGuardedArchive(r, next)
		},
		Fake:        func(r *exercise.Recorder) embedded.Archive { return embeddedFake{pinger{r}} },
		Destructive: []string{"Purge"}, Heavy: []string{"Count"}, Unguarded: []string{"Close"},
	}.Exercise(t)
}
