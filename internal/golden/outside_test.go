package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/outside"
	guard "github.com/guardgen/guardgen/runtime"
)

type outsideFake struct{ pinger }

func (f outsideFake) Get(ctx context.Context, id string) (string, error) {
	answer := f.Called("Get", ctx, id)
	return exercise.Result[string](answer, 0), exercise.Result[error](answer, 1)
}

func TestOutside(t *testing.T) {
	subject[outside.Client]{
		Dependency: "outside",
		Wrap: func(r *guard.HealthRegistry, next outside.Client) (outside.Client, error) {
			return outside.NewGuardedClient(r, next)
		},
		Fake: func(r *exercise.Recorder) outside.Client { return outsideFake{pinger{r}} },
	}.Exercise(t)
}
