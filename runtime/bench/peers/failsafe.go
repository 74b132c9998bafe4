package peers

import (
	"context"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	failsafetimeout "github.com/failsafe-go/failsafe-go/timeout"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

// standalone uses failsafe-go's breaker without its executor.
type standalone struct {
	next    store.Getter
	breaker circuitbreaker.CircuitBreaker[int]
}

func newStandalone(next store.Store) (store.Getter, error) {
	return &standalone{next, newBreaker()}, nil
}

func newBreaker() circuitbreaker.CircuitBreaker[int] {
	return circuitbreaker.NewBuilder[int]().WithFailureThreshold(Threshold).WithDelay(openFor).Build()
}

func (s *standalone) Get(ctx context.Context, id string) (int, error) {
	if !s.breaker.TryAcquirePermit() {
		return 0, circuitbreaker.ErrOpen
	}
	n, err := s.next.Get(ctx, id)
	if err != nil {
		s.breaker.RecordError(err)
	} else {
		s.breaker.RecordSuccess()
	}
	return n, err
}

// executor uses failsafe-go's executor, with the caller's context.
type executor struct {
	next     store.Getter
	executor failsafe.Executor[int]
}

func newExecutor(next store.Store) (store.Getter, error) {
	return &executor{next, failsafe.With(newBreaker())}, nil
}

func newTimedExecutor(next store.Store) (store.Getter, error) {
	return &executor{next, failsafe.With(newBreaker(), failsafetimeout.New[int](timeout))}, nil
}

func (e *executor) Get(ctx context.Context, id string) (int, error) {
	return e.executor.WithContext(ctx).GetWithExecution(func(x failsafe.Execution[int]) (int, error) {
		return e.next.Get(x.Context(), id)
	})
}
