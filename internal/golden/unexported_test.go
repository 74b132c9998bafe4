package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/unexported"
	guard "github.com/guardgen/guardgen/runtime"
)

// records is what the interface of package unexported asks for.
type records interface {
	Ping(ctx context.Context) error
	Load(ctx context.Context, name string) (*unexported.Record, error)
}

type recordsFake struct{ pinger }

func (f recordsFake) Load(ctx context.Context, name string) (*unexported.Record, error) {
	r := f.Called("Load", ctx, name)
	return exercise.Result[*unexported.Record](r, 0), exercise.Result[error](r, 1)
}

func TestUnexported(t *testing.T) {
	subject[records]{
		Dependency: "records",
		Wrap:       func(r *guard.HealthRegistry, next records) (records, error) { return unexported.Open(r, next) },
		Fake:       func(r *exercise.Recorder) records { return recordsFake{pinger{r}} },
	}.Exercise(t)
}
