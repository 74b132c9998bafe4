package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/bench/store"
)

// castle is a registry with a gate and its critical dependencies.
type castle struct {
	registry *guard.HealthRegistry
	critical []*guard.Dependency
	getter   store.Getter
}

// newCastle makes one with as many critical dependencies, that of the getter included.
func newCastle(t *table, critical int, wrap func(*guard.HealthRegistry, store.Store) (store.Getter, error)) (*castle, error) {
	c := &castle{registry: t.registry()}
	client := &prompt{n: answer}
	var err error
	if c.getter, err = wrap(c.registry, client); err != nil {
		return nil, err
	}
	for h := range c.registry.All() {
		d, err := c.registry.Dependency(h.Name, guard.Policy{})
		if err != nil {
			return nil, err
		}
		c.critical = append(c.critical, d)
	}
	for i := len(c.critical); i < critical; i++ {
		d, err := c.registry.Dependency(fmt.Sprintf("other-%d", i), guard.Policy{Hold: time.Millisecond}, guard.WithProbe(client.Ping))
		if err != nil {
			return nil, err
		}
		c.critical = append(c.critical, d)
	}
	return c, nil
}

// gatePatience is how long a gate may take to open again after the machine stood still.
const gatePatience = 20 * time.Second

// prove makes a call of each dependency, as traffic would, until the gate is open.
func (c *castle) prove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(guard.NewScope(ctx), gatePatience)
	defer cancel()
	for {
		for _, d := range c.critical {
			if _, err := guard.Call(ctx, d, func(context.Context) (int, error) { return answer, nil }); err != nil {
				return err
			}
		}
		_, err := c.getter.Get(ctx, item)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// byHand asks the gate before it calls, as code without a wrapper does.
type byHand struct {
	registry *guard.HealthRegistry
	next     store.Getter
}

func (b *byHand) Get(ctx context.Context, id string) (int, error) {
	if err := b.registry.AllowDestructive(ctx, "get"); err != nil {
		return 0, err
	}
	return b.next.Get(ctx, id)
}

func newGate(r *guard.HealthRegistry, s store.Store) (store.Getter, error) {
	return store.NewGuardedGate(r, s)
}

func newKeyedGate(r *guard.HealthRegistry, s store.Store) (store.Getter, error) {
	return store.NewGuardedKeyedGate(r, s)
}

func newBudgetedGate(r *guard.HealthRegistry, s store.Store) (store.Getter, error) {
	return store.NewGuardedBudgetedGate(r, s)
}

func newByHand(r *guard.HealthRegistry, s store.Store) (store.Getter, error) {
	_, err := r.Dependency("by-hand", guard.Policy{Hold: time.Millisecond}, guard.WithProbe(s.Ping))
	return &byHand{r, s}, err
}

func gate(ctx context.Context) (*table, error) {
	t := newTable(&prompt{n: answer}, answers)
	for _, kind := range []struct {
		name     string
		critical int
		wrap     func(*guard.HealthRegistry, store.Store) (store.Getter, error)
		in       func(context.Context) (context.Context, context.CancelFunc)
	}{
		{"**destructive**, 1 critical dependency", 1, newGate, inScope},
		{"destructive, 10", 10, newGate, inScope},
		{"destructive, 100", 100, newGate, inScope},
		{"destructive, 100, without a scope", 100, newGate, nil},
		{"destructive, 100, `key=`", 100, newKeyedGate, inScope},
		{"destructive, 100, with a budget", 100, newBudgetedGate, inScope},
		{"`AllowDestructive` by hand, 100", 100, newByHand, inScope},
	} {
		c, err := newCastle(t, kind.critical, kind.wrap)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, &row{name: kind.name, getter: c.getter, check: answers, in: kind.in, ready: c.prove})
	}
	return t, addDenied(t)
}

// addDenied adds what a denial costs, of one critical dependency that was isolated among a hundred.
func addDenied(t *table) error {
	c, err := newCastle(t, 100, newGate)
	if err != nil {
		return err
	}
	if err := c.registry.Isolate(c.critical[50].Name(), "benchmark"); err != nil {
		return err
	}
	t.rows = append(t.rows, &row{name: "denied, 1 of 100 is isolated", getter: c.getter, in: inScope, check: func(ctx context.Context, g store.Getter) error {
		if n, err := g.Get(ctx, item); n != 0 || !errors.Is(err, guard.ErrDestructiveDenied) {
			return fmt.Errorf("a call that is to be denied returned %d and %v", n, err)
		}
		return nil
	}})
	return nil
}
