package peers

import (
	"context"
	"strconv"
	"sync/atomic"

	"github.com/afex/hystrix-go/hystrix"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

// hystrixCommand uses hystrix-go, where every call runs in a goroutine of its own and under a timer. The limit of concurrent
// calls is high, because a call gives its ticket back later than it returns.
type hystrixCommand struct {
	next    store.Getter
	command string
}

var commands atomic.Int64

func newHystrix(next store.Store) (store.Getter, error) { return hystrixWith(next, 100_000) }

func newHystrixLimited(next store.Store) (store.Getter, error) {
	return hystrixWith(next, hystrix.DefaultMaxConcurrent)
}

func hystrixWith(next store.Store, limit int) (store.Getter, error) {
	h := &hystrixCommand{next, "store-" + strconv.FormatInt(commands.Add(1), 10)}
	hystrix.ConfigureCommand(h.command, hystrix.CommandConfig{
		Timeout:               int(timeout.Milliseconds()),
		MaxConcurrentRequests: limit,
		SleepWindow:           int(openFor.Milliseconds()),
		ErrorPercentThreshold: 90,
	})
	return h, nil
}

func (h *hystrixCommand) Get(ctx context.Context, id string) (int, error) {
	var n int
	err := hystrix.DoC(ctx, h.command, func(ctx context.Context) (err error) {
		n, err = h.next.Get(ctx, id)
		return err
	}, nil)
	if err != nil {
		return 0, err // and n may still be written: the call may go on
	}
	return n, nil
}
