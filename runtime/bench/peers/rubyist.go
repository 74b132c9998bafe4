package peers

import (
	"context"

	"github.com/cenk/backoff"
	"github.com/rubyist/circuitbreaker"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

type rubyist struct {
	next    store.Getter
	breaker *circuit.Breaker
}

func newRubyist(next store.Store) (store.Getter, error) {
	return &rubyist{next, circuit.NewBreakerWithOptions(&circuit.Options{
		BackOff:    backoff.NewConstantBackOff(openFor),
		ShouldTrip: circuit.ConsecutiveTripFunc(Threshold),
	})}, nil
}

func (r *rubyist) Get(ctx context.Context, id string) (n int, err error) {
	err = r.breaker.CallContext(ctx, func() (err error) {
		n, err = r.next.Get(ctx, id)
		return err
	}, 0)
	return n, err
}
