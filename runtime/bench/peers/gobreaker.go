package peers

import (
	"context"

	"github.com/sony/gobreaker/v2"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

type goBreaker struct {
	next    store.Getter
	breaker *gobreaker.CircuitBreaker[int]
}

func newGobreaker(next store.Store) (store.Getter, error) {
	return &goBreaker{next, gobreaker.NewCircuitBreaker[int](gobreaker.Settings{
		Timeout:     openFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= Threshold },
	})}, nil
}

func (g *goBreaker) Get(ctx context.Context, id string) (int, error) {
	return g.breaker.Execute(func() (int, error) { return g.next.Get(ctx, id) })
}
