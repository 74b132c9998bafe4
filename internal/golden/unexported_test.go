package golden_test

import (
	"context"
	"testing"

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
	r := f.called("Load", ctx, name)
	return result[*unexported.Record](r, 0), result[error](r, 1)
}

func TestUnexported(t *testing.T) {
	subject[records]{
		dependency: "records",
		wrap:       func(r *guard.HealthRegistry, next records) (records, error) { return unexported.Open(r, next) },
		fake:       func(r *recorder) records { return recordsFake{pinger{r}} },
	}.exercise(t)
}
