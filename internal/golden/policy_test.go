package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/policy"
	guard "github.com/guardgen/guardgen/runtime"
)

type policyFake struct{ pinger }

func (f policyFake) Fast(ctx context.Context) error { return result[error](f.called("Fast", ctx), 0) }

func (f policyFake) Slow(ctx context.Context) error { return result[error](f.called("Slow", ctx), 0) }

func (f policyFake) Subscribe(ctx context.Context) (<-chan string, error) {
	r := f.called("Subscribe", ctx)
	return result[<-chan string](r, 0), result[error](r, 1)
}

func (f policyFake) Drop(ctx context.Context, id string) error {
	return result[error](f.called("Drop", ctx, id), 0)
}

func (f policyFake) Retire(ctx context.Context, id string) error {
	return result[error](f.called("Retire", ctx, id), 0)
}

func TestPolicy(t *testing.T) {
	t.Run("Full", subject[policy.Full]{
		dependency: "full",
		wrap: func(r *guard.HealthRegistry, next policy.Full) (policy.Full, error) {
			return policy.NewGuardedFull(r, next)
		},
		fake:        func(r *recorder) policy.Full { return policyFake{pinger{r}} },
		destructive: []string{"Drop"}, // Retire is only observed
	}.exercise)
	t.Run("Period", subject[policy.Period]{
		dependency: "period",
		wrap: func(r *guard.HealthRegistry, next policy.Period) (policy.Period, error) {
			return policy.NewGuardedPeriod(r, next)
		},
		fake: func(r *recorder) policy.Period { return pinger{r} },
	}.exercise)
	t.Run("Empty", subject[policy.Empty]{
		dependency: "empty",
		wrap: func(r *guard.HealthRegistry, next policy.Empty) (policy.Empty, error) {
			return policy.NewGuardedEmpty(r, next)
		},
		fake: func(r *recorder) policy.Empty { return pinger{r} },
	}.exercise)
}
