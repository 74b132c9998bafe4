package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/guardgen/guardgen/runtime/bench/store"
)

// row is one line of a table: one way to make a call.
type row struct {
	name   string
	getter store.Getter
	check  func(context.Context, store.Getter) error // that calls are what the table says

	// May be nil.
	in    func(context.Context) (context.Context, context.CancelFunc) // the context of the calls
	ready func(context.Context) error                                 // before each turn

	calls int    // of a turn
	costs []cost // of each round
}

// cost is what one call took in one round.
type cost struct {
	wall, cpu     float64 // nanoseconds
	bytes, allocs float64
}

// call makes n calls. All rows go through this loop, whose own cost is in all of them.
//
//go:noinline
func call(ctx context.Context, g store.Getter, n int) {
	for range n {
		_, _ = g.Get(ctx, item)
	}
}

// prepare finds how many calls take as much processor time as a turn is to take, which also warms everything up.
func (r *row) prepare(ctx context.Context, turn time.Duration, workers int) error {
	for r.calls = 2; ; {
		c, err := r.turn(ctx, workers)
		if err != nil {
			return err
		}
		missing := float64(turn) / (c.cpu * float64(r.calls))
		if missing < 1.25 {
			return nil
		}
		r.calls = 2 * int(float64(r.calls)/2*min(max(missing, 2), 100)) // even, for those who alternate
	}
}

// attempts is how often a turn is repeated after which the calls are not what they should be any more: a machine that
// stands still in the middle shuts a gate.
const attempts = 3

// turn makes the calls of one round, shared among workers.
func (r *row) turn(ctx context.Context, workers int) (c cost, err error) {
	for range attempts {
		if err := ctx.Err(); err != nil {
			return cost{}, err
		}
		if c, err = r.try(ctx, workers); err == nil {
			return c, nil
		}
	}
	return cost{}, fmt.Errorf("%s: %w", r.name, err)
}

func (r *row) try(ctx context.Context, workers int) (cost, error) {
	if r.ready != nil {
		if err := r.ready(ctx); err != nil {
			return cost{}, err
		}
	}
	contexts := make([]context.Context, workers)
	for i := range contexts {
		own, cancel := r.context(context.Background()) // and not ctx: what a look into a context costs grows with those it is made of
		defer cancel()
		contexts[i] = own
	}
	if err := r.check(contexts[0], r.getter); err != nil {
		return cost{}, err
	}
	runtime.GC()
	settle()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, began := cpuTime(), time.Now()
	r.share(contexts)
	wall := time.Since(began)
	settle() // what a call leaves to do is of its cost
	cpu = cpuTime() - cpu
	runtime.ReadMemStats(&after)
	if err := r.check(contexts[0], r.getter); err != nil {
		return cost{}, err
	}
	n := float64(r.calls)
	return cost{
		wall: float64(wall) / n, cpu: float64(cpu) / n,
		bytes: float64(after.TotalAlloc-before.TotalAlloc) / n, allocs: float64(after.Mallocs-before.Mallocs) / n,
	}, nil
}

// context makes what a caller would call with: one that can be cancelled.
func (r *row) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.in != nil {
		return r.in(ctx)
	}
	return context.WithCancel(ctx)
}

// share makes the calls, in a goroutine for each context if there are several.
func (r *row) share(contexts []context.Context) {
	if len(contexts) == 1 {
		call(contexts[0], r.getter, r.calls)
		return
	}
	var workers sync.WaitGroup
	for i, ctx := range contexts {
		workers.Go(func() { call(ctx, r.getter, (r.calls+i)/len(contexts)) })
	}
	workers.Wait()
}

// settle waits until this process is at rest: until the collector is done, and peers that count in the background are.
func settle() {
	for range 100 {
		before := cpuTime()
		time.Sleep(time.Millisecond)
		if cpuTime()-before < 100*time.Microsecond {
			return
		}
	}
}
