package main

import (
	"context"
	"sync/atomic"
)

// mark finds in a context what a witness is to see.
type mark struct{}

// witness is a client that tells what reached it. Safe for concurrent use.
type witness struct {
	down    atomic.Bool
	reached atomic.Int64
	saw     atomic.Value // the mark in the context of the last call
}

func (w *witness) Ping(context.Context) error {
	if w.down.Load() {
		return errDown
	}
	return nil
}

// Get returns a number that depends on the item.
func (w *witness) Get(ctx context.Context, id string) (int, error) {
	w.reached.Add(1)
	if seen, ok := ctx.Value(mark{}).(string); ok {
		w.saw.Store(seen)
	}
	if w.down.Load() {
		return 0, errDown
	}
	return answer + len(id), nil
}
