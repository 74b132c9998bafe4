package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/bench/peers"
	"github.com/guardgen/guardgen/runtime/bench/store"
)

// answers checks that a call goes well.
func answers(ctx context.Context, g store.Getter) error {
	if n, err := g.Get(ctx, item); n != answer || err != nil {
		return fmt.Errorf("a call returned %d and %v", n, err)
	}
	return nil
}

// failsInTurn checks that one call fails and the next goes well.
func failsInTurn(ctx context.Context, g store.Getter) error {
	if n, err := g.Get(ctx, item); n != 0 || err != errDown {
		return fmt.Errorf("a call that is to fail returned %d and %v", n, err)
	}
	return answers(ctx, g)
}

// newTable makes a table of rows around a client, raw first.
func newTable(client store.Store, check func(context.Context, store.Getter) error) *table {
	return &table{rows: []*row{{name: "raw interface call", getter: client, check: check}}, ours: 1}
}

// registry makes a registry for rows of ours.
func (t *table) registry() *guard.HealthRegistry {
	r := newRegistry()
	t.closers = append(t.closers, r.Close)
	return r
}

// add wraps the client in each of the peers.
func (t *table) add(ps ...peers.Peer) error {
	client, check := t.rows[0].getter.(store.Store), t.rows[0].check
	for _, p := range ps {
		g, err := p.Wrap(client)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		t.rows = append(t.rows, &row{name: p.Name, getter: g, check: check})
	}
	return nil
}

// again repeats a row in another context.
func (t *table) again(name, as string, in func(context.Context) (context.Context, context.CancelFunc)) {
	for i, r := range t.rows {
		if r.name == name {
			t.rows = slices.Insert(t.rows, i+1, &row{name: as, getter: r.getter, check: r.check, in: in})
			return
		}
	}
	panic("no row is called " + name)
}

const request = "guardgen, in a request"

// inRequest makes a context of as many as net/http hands to a handler.
func inRequest(ctx context.Context) (context.Context, context.CancelFunc) {
	type server struct{}
	type localAddr struct{}
	ctx = context.WithValue(context.WithValue(ctx, server{}, "a server"), localAddr{}, "an address")
	ctx, closed := context.WithCancel(ctx)
	ctx, answered := context.WithCancel(ctx)
	return ctx, func() {
		answered()
		closed()
	}
}

func inScope(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	return guard.NewScope(ctx), cancel
}

// named picks those of ps that have the names.
func named(ps []peers.Peer, names ...string) (picked []peers.Peer) {
	for _, name := range names {
		for _, p := range ps {
			if p.Name == name {
				picked = append(picked, p)
			}
		}
	}
	return picked
}

func healthy(context.Context) (*table, error) {
	t := newTable(&prompt{n: answer}, answers)
	if err := t.add(named(ours(t.registry()), plain, keyed, heavy, byCall, rated)...); err != nil {
		return nil, err
	}
	t.again(plain, request, inRequest)
	return t, t.add(peers.All...)
}

func parallel(context.Context) (*table, error) {
	t := newTable(&prompt{n: answer}, answers)
	t.all = true
	if err := t.add(named(ours(t.registry()), plain, keyed, rated)...); err != nil {
		return nil, err
	}
	return t, t.add(peers.All...)
}

func loopback(ctx context.Context) (*table, error) {
	client, err := newEcho(ctx)
	if err != nil {
		return nil, err
	}
	t := newTable(client, answers)
	t.closers = append(t.closers, func() { client.conn.Close() })
	if err := t.add(named(ours(t.registry()), plain, keyed, rated, timed)...); err != nil {
		return nil, err
	}
	return t, t.add(peers.All...)
}

func failing(context.Context) (*table, error) {
	t := newTable(&flaky{}, failsInTurn)
	if err := t.add(named(ours(t.registry()), plain, keyed, rated)...); err != nil {
		return nil, err
	}
	t.again(plain, "guardgen, in a scope", inScope)
	for _, p := range peers.All {
		if p.WrapFailing != nil {
			p.Wrap = p.WrapFailing
		}
		if err := t.add(p); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// rejected trips every breaker but that of one row, which says what a call costs that runs. A peer that lets a call through
// afterwards fails its check.
func rejected(ctx context.Context) (*table, error) {
	t := newTable(&prompt{n: answer}, answers)
	open := t.registry()
	if err := t.addTripped(ctx, named(ours(open), plain, keyed, heavy)); err != nil {
		return nil, err
	}
	for h := range open.All() { // one that is heavy was only shed so far
		if err := open.SetState(h.Name, guard.Unhealthy, "benchmark"); err != nil {
			return nil, err
		}
	}
	t.again(plain, "guardgen, in a scope", inScope)
	t.again(plain, request, inRequest)
	closed := named(ours(t.registry()), plain)
	closed[0].Name = "guardgen, healthy"
	if err := t.add(closed...); err != nil {
		return nil, err
	}
	return t, t.addTripped(ctx, peers.All)
}

// addTripped adds rows that are open.
func (t *table) addTripped(ctx context.Context, ps []peers.Peer) error {
	for _, p := range ps {
		w := &witness{}
		g, err := p.Wrap(w)
		if err == nil {
			err = trip(ctx, g, w)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		reached := w.reached.Load()
		t.rows = append(t.rows, &row{name: p.Name, getter: g, check: func(ctx context.Context, g store.Getter) error {
			if n, err := g.Get(ctx, item); n != 0 || err == nil || w.reached.Load() != reached {
				return fmt.Errorf("it is open; a call returned %d and %v, and %d reached the client", n, err, w.reached.Load()-reached)
			}
			return nil
		}})
	}
	return nil
}

func deadlines(context.Context) (*table, error) { return withDeadlines(&prompt{n: answer}) }
func lookedAt(context.Context) (*table, error)  { return withDeadlines(&asking{n: answer}) }

func withDeadlines(client store.Store) (*table, error) {
	t := newTable(client, answers)
	if err := t.add(named(ours(t.registry()), timed, plain)...); err != nil {
		return nil, err
	}
	t.rows[2].name = "guardgen, without `timeout=`"
	t.again(timed, "guardgen, `timeout=2s`, the caller's deadline is earlier", func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, time.Second)
	})
	return t, t.add(peers.Timed...)
}
