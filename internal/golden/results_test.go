package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/results"
	guard "github.com/guardgen/guardgen/runtime"
)

type resultsFake struct{ *recorder }

func (f resultsFake) Version(ctx context.Context) (string, error) {
	r := f.called("Version", ctx)
	return result[string](r, 0), result[error](r, 1)
}

func (f resultsFake) Balance(ctx context.Context, account string) (int64, string, error) {
	r := f.called("Balance", ctx, account)
	return result[int64](r, 0), result[string](r, 1), result[error](r, 2)
}

func (f resultsFake) Lookup(ctx context.Context, account string) (error, bool) {
	r := f.called("Lookup", ctx, account)
	return result[error](r, 0), result[bool](r, 1)
}

func (f resultsFake) Split(ctx context.Context, account string) (left, right []string, total float64, err error) {
	r := f.called("Split", ctx, account)
	return result[[]string](r, 0), result[[]string](r, 1), result[float64](r, 2), result[error](r, 3)
}

func (f resultsFake) Check(ctx context.Context) (error, error) {
	r := f.called("Check", ctx)
	return result[error](r, 0), result[error](r, 1)
}

func TestResults(t *testing.T) {
	subject[results.Ledger]{
		dependency: "ledger",
		wrap: func(r *guard.HealthRegistry, next results.Ledger) (results.Ledger, error) {
			return results.NewGuardedLedger(r, next)
		},
		fake: func(r *recorder) results.Ledger { return resultsFake{r} },
	}.exercise(t)
}
