package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/results"
	guard "github.com/guardgen/guardgen/runtime"
)

type resultsFake struct{ *exercise.Recorder }

func (f resultsFake) Version(ctx context.Context) (string, error) {
	r := f.Called("Version", ctx)
	return exercise.Result[string](r, 0), exercise.Result[error](r, 1)
}

func (f resultsFake) Balance(ctx context.Context, account string) (int64, string, error) {
	r := f.Called("Balance", ctx, account)
	return exercise.Result[int64](r, 0), exercise.Result[string](r, 1), exercise.Result[error](r, 2)
}

func (f resultsFake) Lookup(ctx context.Context, account string) (error, bool) {
	r := f.Called("Lookup", ctx, account)
	return exercise.Result[error](r, 0), exercise.Result[bool](r, 1)
}

func (f resultsFake) Split(ctx context.Context, account string) (left, right []string, total float64, err error) {
	r := f.Called("Split", ctx, account)
	return exercise.Result[[]string](r, 0), exercise.Result[[]string](r, 1), exercise.Result[float64](r, 2), exercise.Result[error](r, 3)
}

func (f resultsFake) Check(ctx context.Context) (error, error) {
	r := f.Called("Check", ctx)
	return exercise.Result[error](r, 0), exercise.Result[error](r, 1)
}

func TestResults(t *testing.T) {
	subject[results.Ledger]{
		Dependency: "ledger",
		Wrap: func(r *guard.HealthRegistry, next results.Ledger) (results.Ledger, error) {
			return results.NewGuardedLedger(r, next)
		},
		Fake: func(r *exercise.Recorder) results.Ledger { return resultsFake{r} },
	}.Exercise(t)
}
