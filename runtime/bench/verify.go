package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/guardgen/guardgen/runtime/bench/peers"
	"github.com/guardgen/guardgen/runtime/bench/store"
)

// verifyAll verifies ours and all peers.
func verifyAll(ctx context.Context) error {
	registry := newRegistry()
	defer registry.Close()
	for _, p := range slices.Concat(ours(registry), peers.All, peers.Timed) {
		if err := verify(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// verify holds that p returns what the client returns, passes the context on, and, if it has a breaker, rejects when that
// is open.
func verify(ctx context.Context, p peers.Peer) error {
	w := &witness{}
	g, err := p.Wrap(w)
	if err != nil {
		return err
	}
	unmarked, ctx := ctx, context.WithValue(ctx, mark{}, p.Name)
	for _, id := range []string{item, "", "a longer one"} {
		before := w.reached.Load()
		got, err := g.Get(ctx, id)
		want, _ := w.Get(unmarked, id)
		if got != want || err != nil || w.reached.Load() != before+2 {
			return fmt.Errorf("a healthy call about %q returned %d and %v, not %d", id, got, err, want)
		}
	}
	if w.saw.Load() != p.Name {
		return errors.New("the client does not see the caller's context")
	}
	w.down.Store(true)
	if got, err := g.Get(ctx, item); got != 0 || !errors.Is(err, errDown) {
		return fmt.Errorf("a failing call returned %d and %v", got, err)
	}
	w.down.Store(false)
	if _, err := g.Get(ctx, item); err != nil {
		return fmt.Errorf("the call after a failure: %w", err)
	}
	if !p.NoBreaker {
		return trip(ctx, g, w)
	}
	return nil
}

// tripLimit is how many failing calls must open a breaker.
const tripLimit = 10_000

// trip lets calls fail until the breaker opens, and holds that it then rejects without asking the client.
func trip(ctx context.Context, g store.Getter, w *witness) error {
	w.down.Store(true)
	for n := 1; !rejects(ctx, g, w); n++ {
		if n == tripLimit {
			return fmt.Errorf("it is not open after %d failures", n)
		}
		if n%50 == 0 {
			time.Sleep(time.Millisecond) // some count in the background
		}
	}
	for range 100 {
		if !rejects(ctx, g, w) {
			return errors.New("it is open and does not reject")
		}
	}
	return nil
}

// rejects reports whether a call is refused with an error and without asking the client.
func rejects(ctx context.Context, g store.Getter, w *witness) bool {
	before := w.reached.Load()
	n, err := g.Get(ctx, item)
	return err != nil && n == 0 && w.reached.Load() == before
}
