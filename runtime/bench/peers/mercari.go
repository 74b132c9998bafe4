package peers

import (
	"context"

	"github.com/mercari/go-circuitbreaker"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

// mercari uses Ready and Done, which is what Do does, without a closure and an interface around the result.
type mercari struct {
	next    store.Getter
	breaker *circuitbreaker.CircuitBreaker
}

func newMercari(next store.Store) (store.Getter, error) {
	return &mercari{next, circuitbreaker.New(
		circuitbreaker.WithTripFunc(circuitbreaker.NewTripFuncConsecutiveFailures(Threshold)),
		circuitbreaker.WithOpenTimeout(openFor),
	)}, nil
}

func (m *mercari) Get(ctx context.Context, id string) (int, error) {
	if !m.breaker.Ready() {
		return 0, circuitbreaker.ErrOpen
	}
	n, err := m.next.Get(ctx, id)
	return n, m.breaker.Done(ctx, err)
}
