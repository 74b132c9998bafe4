package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/outside"
	guard "github.com/guardgen/guardgen/runtime"
)

type outsideFake struct{ pinger }

func (f outsideFake) Get(ctx context.Context, id string) (string, error) {
	answer := f.called("Get", ctx, id)
	return result[string](answer, 0), result[error](answer, 1)
}

func TestOutside(t *testing.T) {
	subject[outside.Client]{
		dependency: "outside",
		wrap: func(r *guard.HealthRegistry, next outside.Client) (outside.Client, error) {
			return outside.NewGuardedClient(r, next)
		},
		fake: func(r *recorder) outside.Client { return outsideFake{pinger{r}} },
	}.exercise(t)
}
