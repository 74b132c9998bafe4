package peers

import (
	"context"
	"time"

	"github.com/cep21/circuit/v4"
	"github.com/cep21/circuit/v4/closers/hystrix"
	"github.com/cep21/circuit/v4/closers/simplelogic"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

// circuitRunner uses cep21/circuit without metrics and without a limit of concurrent calls.
type circuitRunner struct {
	next    store.Getter
	circuit *circuit.Circuit
}

func newCircuit(next store.Store) (store.Getter, error) {
	return &circuitRunner{next, circuitWith(-1)}, nil
}

func newTimedCircuit(next store.Store) (store.Getter, error) {
	return &circuitRunner{next, circuitWith(timeout)}, nil
}

func circuitWith(timeout time.Duration) *circuit.Circuit {
	return circuit.NewCircuitFromConfig("store", circuit.Config{
		General: circuit.GeneralConfig{
			ClosedToOpenFactory: simplelogic.ConsecutiveErrOpenerFactory(simplelogic.ConfigConsecutiveErrOpener{ErrorThreshold: Threshold}),
			OpenToClosedFactory: hystrix.CloserFactory(hystrix.ConfigureCloser{SleepWindow: openFor}),
		},
		Execution: circuit.ExecutionConfig{Timeout: timeout, MaxConcurrentRequests: -1},
	})
}

func (c *circuitRunner) Get(ctx context.Context, id string) (n int, err error) {
	err = c.circuit.Run(ctx, func(ctx context.Context) (err error) {
		n, err = c.next.Get(ctx, id)
		return err
	})
	return n, err
}
