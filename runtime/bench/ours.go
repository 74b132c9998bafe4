package main

import (
	"context"
	"log/slog"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/bench/peers"
	"github.com/guardgen/guardgen/runtime/bench/store"
)

// newRegistry makes a registry that writes no log, and whose gate is open from the beginning and without a budget.
func newRegistry() *guard.HealthRegistry {
	return guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0), guard.WithBudget(guard.NoBudget))
}

// The rows of ours, in the words of the tables.
const (
	plain  = "**guardgen**"
	keyed  = "guardgen, `key=`"
	heavy  = "guardgen, heavy"
	rated  = "guardgen, `threshold=60%/10s/20`"
	timed  = "guardgen, `timeout=2s`"
	byCall = "`guard.Call`, by hand"
)

// ours are the wrappers that guardgen wrote for calls, and the call without one.
func ours(r *guard.HealthRegistry) []peers.Peer {
	return []peers.Peer{
		{Name: plain, Wrap: func(s store.Store) (store.Getter, error) { return store.NewGuardedPlain(r, s) }},
		{Name: keyed, Wrap: func(s store.Store) (store.Getter, error) { return store.NewGuardedKeyed(r, s) }},
		{Name: heavy, Wrap: func(s store.Store) (store.Getter, error) { return store.NewGuardedHeavy(r, s) }},
		{Name: rated, Wrap: func(s store.Store) (store.Getter, error) { return store.NewGuardedRated(r, s) }},
		{Name: timed, Wrap: func(s store.Store) (store.Getter, error) { return store.NewGuardedTimed(r, s) }},
		{Name: byCall, Wrap: func(s store.Store) (store.Getter, error) { return newByCall(r, s) }},
	}
}

// called guards a client with [guard.Call].
type called struct {
	next       store.Getter
	dependency *guard.Dependency
}

func newByCall(r *guard.HealthRegistry, s store.Store) (*called, error) {
	d, err := r.Dependency("by-hand", guard.Policy{}, guard.WithProbe(s.Ping))
	return &called{s, d}, err
}

func (c *called) Get(ctx context.Context, id string) (int, error) {
	return guard.Call(ctx, c.dependency, func(ctx context.Context) (int, error) { return c.next.Get(ctx, id) })
}
