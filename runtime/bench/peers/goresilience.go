package peers

import (
	"context"

	"github.com/slok/goresilience"
	"github.com/slok/goresilience/circuitbreaker"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

type resilience struct {
	next   store.Getter
	runner goresilience.Runner
}

// newGoresilience asks for 90 percent of 90 calls, because this version takes the minimum of calls for the percentage, too.
func newGoresilience(next store.Store) (store.Getter, error) {
	return &resilience{next, circuitbreaker.New(circuitbreaker.Config{
		ErrorPercentThresholdToOpen: 90,
		MinimumRequestToOpen:        90,
		WaitDurationInOpenState:     openFor,
	})}, nil
}

func (r *resilience) Get(ctx context.Context, id string) (n int, err error) {
	err = r.runner.Run(ctx, func(ctx context.Context) (err error) {
		n, err = r.next.Get(ctx, id)
		return err
	})
	return n, err
}
