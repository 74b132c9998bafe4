package golden_test

import (
	"context"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/policy"
	guard "github.com/guardgen/guardgen/runtime"
)

type policyFake struct{ pinger }

func (f policyFake) Fast(ctx context.Context) error {
	return exercise.Result[error](f.Called("Fast", ctx), 0)
}

func (f policyFake) Slow(ctx context.Context) error {
	return exercise.Result[error](f.Called("Slow", ctx), 0)
}

func (f policyFake) Subscribe(ctx context.Context) (<-chan string, error) {
	r := f.Called("Subscribe", ctx)
	return exercise.Result[<-chan string](r, 0), exercise.Result[error](r, 1)
}

func (f policyFake) Drop(ctx context.Context, id string) error {
	return exercise.Result[error](f.Called("Drop", ctx, id), 0)
}

func (f policyFake) Retire(ctx context.Context, id string) error {
	return exercise.Result[error](f.Called("Retire", ctx, id), 0)
}

func TestPolicy(t *testing.T) {
	t.Run("Full", subject[policy.Full]{
		Dependency: "full",
		Wrap: func(r *guard.HealthRegistry, next policy.Full) (policy.Full, error) {
			return policy.NewGuardedFull(r, next)
		},
		Fake:        func(r *exercise.Recorder) policy.Full { return policyFake{pinger{r}} },
		Destructive: []string{"Drop"}, // Retire is only observed
		Keys:        map[string][]string{"Drop": {"id:1"}},
		Timeouts: map[string]time.Duration{
			"Ping": 2 * time.Second, "Fast": 100 * time.Microsecond, "Drop": 2 * time.Second, "Retire": 2 * time.Second,
		},
	}.Exercise)
	t.Run("Period", subject[policy.Period]{
		Dependency: "period",
		Wrap: func(r *guard.HealthRegistry, next policy.Period) (policy.Period, error) {
			return policy.NewGuardedPeriod(r, next)
		},
		Fake: func(r *exercise.Recorder) policy.Period { return pinger{r} },
	}.Exercise)
	t.Run("Empty", subject[policy.Empty]{
		Dependency: "empty",
		Wrap: func(r *guard.HealthRegistry, next policy.Empty) (policy.Empty, error) {
			return policy.NewGuardedEmpty(r, next)
		},
		Fake: func(r *exercise.Recorder) policy.Empty { return pinger{r} },
	}.Exercise)
}
