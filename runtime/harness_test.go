package guard

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var errDown = errors.New("connection refused")

// client is a dependency that a test switches: it answers, fails, or hangs until its context ends.
type client struct {
	mu     sync.Mutex
	err    error
	hang   bool
	calls  int
	probes int
	flying int
	most   int // probes in the air at once
}

func (c *client) set(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err, c.hang = err, false
}

func (c *client) hangs() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hang = true
}

func (c *client) count() (calls, probes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls, c.probes
}

func (c *client) answer(ctx context.Context) error {
	c.mu.Lock()
	err, hang := c.err, c.hang
	c.mu.Unlock()
	if hang {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Hour): // so that a test which fails ends
			return errors.New("hung for an hour")
		}
	}
	return err
}

// do is a call of the client.
func (c *client) do(ctx context.Context) error {
	c.mu.Lock()
	c.calls++
	c.mu.Unlock()
	return c.answer(ctx)
}

// ping is its probe: it takes a millisecond.
func (c *client) ping(ctx context.Context) error {
	c.mu.Lock()
	c.probes++
	c.flying++
	c.most = max(c.most, c.flying)
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.flying--
		c.mu.Unlock()
	}()
	time.Sleep(time.Millisecond)
	return c.answer(ctx)
}

// guarded is a wrapper as guardgen writes it, around a client.
type guarded struct {
	*client

	dependency      *Dependency
	get, list, drop *Method
}

// world is a registry with guarded clients in a synctest bubble.
type world struct {
	*HealthRegistry

	t *testing.T
}

// inWorld runs test in a bubble, with a registry whose gate has no start hold.
func inWorld(t *testing.T, test func(t *testing.T, w *world), options ...RegistryOption) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options := append([]RegistryOption{WithLogger(slog.New(slog.DiscardHandler)), WithStartHold(0)}, options...)
		w := &world{NewHealthRegistry(options...), t}
		defer w.Close()
		test(t, w)
	})
}

// guard registers a client under name. Without changes: the default policy, and a probe.
func (w *world) guard(name string, changes ...func(*Spec)) *guarded {
	w.t.Helper()
	g, err := w.tryGuard(name, changes...)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) tryGuard(name string, changes ...func(*Spec)) (*guarded, error) {
	spec := Spec{
		Interface:  "test." + name,
		Dependency: name,
		Methods: []MethodSpec{
			{Name: "Get"}, {Name: "List", Class: Heavy}, {Name: "Drop", Class: Destructive, Budget: NoBudget},
		},
	}
	for _, change := range changes {
		change(&spec)
	}
	g := &guarded{client: &client{}}
	probe := g.ping
	if spec.Policy.ProbeTimeout == noProbe {
		spec.Policy.ProbeTimeout, probe = 0, nil
	}
	wrapper, err := NewWrapper(w.HealthRegistry, spec, g.client, probe)
	if err != nil {
		return nil, err
	}
	g.get = wrapper.methods["Get"]
	g.list = wrapper.methods["List"]
	g.drop = wrapper.methods["Drop"]
	g.dependency = w.dependencies[spec.Dependency]
	return g, nil
}

// noProbe, as a probe timeout, asks tryGuard for a dependency without a probe.
const noProbe = -7

func withoutProbe(s *Spec) {
	s.Policy.Optional, s.Policy.ProbeTimeout = true, noProbe
	s.Methods = s.Methods[:2]
}

func policy(change func(*Policy)) func(*Spec) { return func(s *Spec) { change(&s.Policy) } }

func budget(b Budget) func(*Spec) { return func(s *Spec) { s.Methods[2].Budget = b } }

func call(ctx context.Context, a Attempt, c *client, keys []string) (err error) {
	if a.Admitted() {
		err = c.do(a.Context(ctx))
		if a.Succeeded(err) {
			return err
		}
	}
	return a.Settle(ctx, err, keys...)
}

// Get is a regular call about keys.
func (g *guarded) Get(ctx context.Context, keys ...string) error {
	return call(ctx, g.get.Begin(ctx), g.client, keys)
}

// List is a heavy read.
func (g *guarded) List(ctx context.Context, keys ...string) error {
	return call(ctx, g.list.Begin(ctx), g.client, keys)
}

// Drop is a destructive call about keys.
func (g *guarded) Drop(ctx context.Context, keys ...string) error {
	return call(ctx, g.drop.Ask(ctx, keys...), g.client, keys)
}

// probeWith replaces the probe.
func (g *guarded) probeWith(probe func(context.Context) error) {
	g.dependency.mu.Lock()
	defer g.dependency.mu.Unlock()
	g.dependency.setProbe(probe, nil)
}

// fail makes n calls fail, and heals the client.
func (g *guarded) fail(n int) {
	g.set(errDown)
	for range n {
		_ = g.Get(context.Background())
	}
	g.set(nil)
}

// prove makes every client of the list succeed once.
func (w *world) prove(clients ...*guarded) {
	w.t.Helper()
	for _, g := range clients {
		if err := g.Get(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) wantState(name string, want DependencyState) {
	w.t.Helper()
	if got := w.State(name); got != want {
		w.t.Fatalf("state of %s = %s, want %s", name, got, want)
	}
}

// wantDenied checks that err is a denial for the given reason.
func wantDenied(t *testing.T, err error, want Reason) *DestructiveDeniedError {
	t.Helper()
	denied, ok := errors.AsType[*DestructiveDeniedError](err)
	if !ok {
		t.Fatalf("error = %v, want a denial (%s)", err, want)
	}
	if denied.Reason != want {
		t.Fatalf("reason = %s (%v), want %s", denied.Reason, err, want)
	}
	return denied
}

func wantAllowed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("denied: %v", err)
	}
}

// sleep lets virtual time pass, and everything that is due happen.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
