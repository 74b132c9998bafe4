package goredis

import (
	"context"
	"errors"
	"fmt"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// explained adds to the error of commands what only the guard of their client knows, so that whoever judges it further up,
// such as a wrapper by [Classify], need not know the command or the pool.
//
//   - That the client is closed, and what to do: the probe has connections of its own, and finds nothing wrong.
//   - That a blocking command has waited as long as its caller let it, which says nothing about the server.
//   - That the caller's time was over before the pool had a connection for it. The error alone might as well be
//     that of a server which nobody reaches.
func (g *Guarded) explained(ctx context.Context, err error, dials int64, cmds ...redis.Cmder) error {
	switch {
	case err == redis.ErrClosed:
		return fmt.Errorf("%w: make a new client, and guard it", err)
	case err == context.DeadlineExceeded && g.dials.Load() == dials && g.isFull():
		err = fmt.Errorf("%w: %w", redis.ErrPoolTimeout, err)
		for _, cmd := range cmds {
			if cmd.Err() == context.DeadlineExceeded {
				cmd.SetErr(err)
			}
		}
	case len(cmds) == 1 && over(ctx) && blocks(cmds[0]) && g.judge(ctx, err, dials) == guard.OutcomeFailure:
		return &waited{err}
	}
	return err
}

// isFull reports whether all connections of the client are taken.
func (g *Guarded) isFull() bool {
	client, ok := g.client.(*redis.Client)
	if !ok {
		return false // a cluster or a ring has many pools, and does not say which one was full
	}
	stats := client.PoolStats()
	return stats.IdleConns == 0 && int(stats.TotalConns) >= client.Options().PoolSize
}

// waited is the error of a blocking command that has waited until its caller's time was over.
type waited struct{ cause error }

func (e *waited) Error() string {
	return "nothing came until the caller's time was over: " + e.cause.Error()
}
func (e *waited) Unwrap() error { return e.cause }

func hasWaited(err error) bool {
	_, ok := errors.AsType[*waited](err)
	return ok
}

// over reports whether the caller's time has passed. The deadline of a socket can fire before the context says so.
func over(ctx context.Context) bool {
	if ctx.Err() != nil {
		return true
	}
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < 10*time.Millisecond
}
