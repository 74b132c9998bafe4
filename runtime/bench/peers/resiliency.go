package peers

import (
	"context"
	"math"

	"github.com/eapache/go-resiliency/breaker"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

type resiliency struct {
	next    store.Getter
	breaker *breaker.Breaker
}

func newResiliency(next store.Store) (store.Getter, error) {
	return &resiliency{next, breaker.New(Threshold, 1, openFor)}, nil
}

// newResiliencyFailing has no threshold, because this breaker counts failures whatever succeeds between them.
func newResiliencyFailing(next store.Store) (store.Getter, error) {
	return &resiliency{next, breaker.New(math.MaxInt, 1, openFor)}, nil
}

func (r *resiliency) Get(ctx context.Context, id string) (n int, err error) {
	err = r.breaker.Run(func() (err error) {
		n, err = r.next.Get(ctx, id)
		return err
	})
	return n, err
}
