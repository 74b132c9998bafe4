package guard

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// wire is the guard of a transport, as goredis is one, below the wrapper of a guarded client.
type wire struct {
	*client

	wrapper   *Wrapper
	get, drop *Method
}

// wire registers the guard of a transport. Its destructive command has a budget of two in an hour.
func (w *world) wire(name string) *wire {
	w.t.Helper()
	c := &client{}
	spec := Spec{Interface: "test.wire", Dependency: name, Methods: []MethodSpec{
		{Name: "DROP", Class: Destructive, Budget: Budget{Limit: 2, Window: time.Hour}},
	}}
	wrapper, err := NewWrapper(w.HealthRegistry, spec, c, c.ping, AsTransport())
	if err != nil {
		w.t.Fatal(err)
	}
	return &wire{client: c, wrapper: wrapper, get: wrapper.Regular("GET"), drop: wrapper.Method("DROP")}
}

// send is a command on its way to the server.
func (w *wire) send(ctx context.Context, m *Method, keys ...string) error {
	if w.wrapper.Dependency().Encloses(ctx) {
		if m == w.drop {
			if err := m.Allow(ctx, keys...); err != nil {
				return err
			}
		}
		return w.do(ctx)
	}
	if m == w.drop {
		return call(ctx, m.Ask(ctx, keys...), w.client, keys)
	}
	return call(ctx, m.Begin(ctx), w.client, keys)
}

// through is a call of a wrapper whose client sends something.
func through(ctx context.Context, m *Method, send func(ctx context.Context) error, keys ...string) (err error) {
	attempt := m.Begin(ctx)
	if m.spec.Class == Destructive {
		attempt = m.Ask(ctx, keys...)
	}
	if attempt.Admitted() {
		err = send(attempt.Context(ctx))
		if attempt.Succeeded(err) {
			return err
		}
	}
	return attempt.Settle(ctx, err, keys...)
}

func TestFailureBelowAWrapperCountsOnce(t *testing.T) {
	for _, first := range []string{"wrapper", "transport"} {
		t.Run(first+" first", func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				var g *guarded
				if first == "wrapper" {
					g = w.guard("redis")
				}
				wire := w.wire("redis")
				if first == "transport" {
					g = w.guard("redis")
				}
				get := func(ctx context.Context) error { return wire.send(ctx, wire.get) }
				wire.set(errDown)
				for range 4 {
					_ = through(t.Context(), g.get, get)
				}
				if h, _ := w.Health("redis"); h.Breaker != "closed" || h.Failures != 4 {
					t.Fatalf("after 4 failed calls the breaker is %s, and %d failures were counted", h.Breaker, h.Failures)
				}
				_ = through(t.Context(), g.get, get)
				w.wantState("redis", Unhealthy)
				calls, _ := wire.count()
				if err := wire.send(t.Context(), wire.get); err == nil { // without a wrapper it guards itself
					t.Error("the command ran")
				}
				if after, _ := wire.count(); calls != 5 || after != 5 {
					t.Errorf("the server got %d commands, then %d", calls, after)
				}
			})
		})
	}
}

func TestPermitPassesTheFirstCommandOfTheCall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		once := func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:1") }
		for i := range 5 {
			if err := through(t.Context(), g.drop, once, "topic:1"); err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
		}
		if left, _ := wire.drop.operation.bucket.left(w.clock.now()); !left || len(wire.drop.operation.bucket.grants) != 0 {
			t.Error("the budget of the command was charged, though the wrapper's gate had let it pass")
		}
		twice := func(ctx context.Context) error {
			if err := once(ctx); err != nil {
				return err
			}
			return once(ctx)
		}
		for range 2 {
			wantAllowed(t, through(t.Context(), g.drop, twice, "topic:1"))
		}
		wantDenied(t, through(t.Context(), g.drop, twice, "topic:1"), ReasonBudget) // the second command is asked about
		sleep(time.Second)                                                          // what the denied command said of its caller
		for range 5 {
			wantAllowed(t, through(NewScope(t.Context()), g.drop, twice, "key:1", "key:2")) // unless it is about what the gate was asked about
		}
		other := func(ctx context.Context) error { _ = once(ctx); return wire.send(ctx, wire.drop, "key:1", "key:3") }
		wantDenied(t, through(NewScope(t.Context()), g.drop, other, "key:1", "key:2"), ReasonBudget)
		sleep(time.Second)
		bare := func(ctx context.Context) error { return wire.send(ctx, wire.drop) }
		wantDenied(t, through(NewScope(t.Context()), g.drop, bare, "key:5"), ReasonBudget)
		sleep(time.Second)
		keyless := func(ctx context.Context) error { _ = once(ctx); return wire.send(ctx, wire.drop) }
		wantDenied(t, through(NewScope(t.Context()), g.drop, keyless, "key:4"), ReasonBudget)
	})
}

func TestPermitIsForTheKeysThatTheGateWasAskedAbout(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		w.prove(g)
		wire.set(errDown)
		_ = wire.send(t.Context(), wire.get, "key:2") // its heartbeat was not written
		wire.set(nil)
		sleep(10 * time.Second)
		w.prove(g)
		other := func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:2") }
		wantDenied(t, through(NewScope(t.Context()), g.drop, other, "key:1"), ReasonKey)
	})
}

func TestRegularCallCarriesNoPermit(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		hidden := func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:1") }
		w.prove(g)
		scope := NewScope(t.Context())
		g.set(errDown)
		_ = g.Get(scope)
		calls, _ := wire.count()
		wantDenied(t, through(scope, g.get, hidden), ReasonScope)
		if after, _ := wire.count(); after != calls {
			t.Error("the server got the command")
		}
	})
}

func TestPermitEndsWithTheCall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		var kept context.Context
		wantAllowed(t, through(t.Context(), g.drop, func(ctx context.Context) error { kept = ctx; return nil }))
		if g.dependency.Encloses(kept) {
			t.Error("the call that has ended still encloses")
		}
		for range 2 {
			wantAllowed(t, wire.send(kept, wire.drop, "key:1"))
		}
		wantDenied(t, wire.send(kept, wire.drop, "key:1"), ReasonBudget)
	})
}

func TestPermitIsWorthItsProof(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		for name, meanwhile := range map[string]func(){
			"it failed": func() { g.fail(1) },
			"max-age":   func() { sleep(2*time.Second + 100*time.Millisecond) },
		} {
			grants := len(wire.drop.operation.bucket.grants)
			_ = through(NewScope(t.Context()), g.drop, func(ctx context.Context) error {
				meanwhile()
				return wire.send(ctx, wire.drop, "key:1")
			})
			if len(wire.drop.operation.bucket.grants) != grants+1 {
				t.Errorf("%s: the command passed with the permit", name)
			}
		}
	})
}

// TestPermitOfAPersonPassesTheBreaker: the override is used up by the call, and for its name alone.
func TestPermitOfAPersonPassesTheBreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		sessions := w.guard("sessions")
		w.prove(g)
		g.fail(5)
		override := Override{Actor: "ann", Reason: "INC-7", Operation: "Drop"}
		for name, m := range map[string]*Method{"of its own dependency": g.drop, "of another": sessions.drop} {
			override.Expires = time.Now().Add(time.Minute)
			ctx := BreakGlass(t.Context(), override)
			if err := through(ctx, m, func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:1") }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.Isolate("redis", "a test"); err != nil {
			t.Fatal(err)
		}
		override.Expires = time.Now().Add(time.Minute)
		ctx := BreakGlass(t.Context(), override)
		err := through(ctx, sessions.drop, func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:1") })
		wantDenied(t, err, ReasonIsolated)
	}, WithAudit(func(context.Context, AuditRecord) error { return nil }))
}

func TestObservedCallIsNotDeniedBelow(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, wire := w.guard("redis"), w.wire("redis")
		w.prove(g)
		scope := NewScope(t.Context())
		g.set(errDown)
		_ = g.Get(scope)
		g.set(nil)
		once := func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:1") }
		wantDenied(t, through(scope, g.drop, once), ReasonScope)
		if err := w.SetMode(Observe, "Drop"); err != nil {
			t.Fatal(err)
		}
		wantAllowed(t, through(scope, g.drop, once))
	})
}

func TestPermitOfAnotherDependency(t *testing.T) {
	for _, critical := range []bool{true, false} {
		t.Run(fmt.Sprintf("critical %t", critical), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				sessions, wire := w.guard("sessions"), w.wire("redis")
				if !critical {
					wire = w.optionalWire("cache")
				}
				err := through(t.Context(), sessions.drop, func(ctx context.Context) error { return wire.send(ctx, wire.drop, "key:1") })
				wantAllowed(t, err)
				if asked := len(wire.drop.operation.bucket.grants) == 1; asked == critical {
					t.Errorf("its gate was asked: %t", asked)
				}
				h, _ := w.Health(wire.wrapper.Dependency().Name())
				if h.LastSuccess.IsZero() {
					t.Error("the command's success was not recorded for its own dependency")
				}
			})
		})
	}
}

// optionalWire is a wire that no operation of others requires.
func (w *world) optionalWire(name string) *wire {
	w.t.Helper()
	if _, err := w.Dependency(name, Policy{Optional: true}); err != nil {
		w.t.Fatal(err)
	}
	return w.wire(name)
}

func TestWrapperHasNoUseForAPermit(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{Limit: 1, Window: time.Hour}))
		outer := w.guard("sessions")
		w.wire("redis")
		inner := func(ctx context.Context) error { return g.Drop(ctx, "key:1") }
		wantAllowed(t, through(t.Context(), outer.drop, inner))
		wantDenied(t, through(t.Context(), outer.drop, inner), ReasonBudget)
	})
}

func TestTransportSharesThePolicyThatIsKnown(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Threshold = Threshold{Failures: 2} }))
		wire := w.wire("redis")
		if wire.wrapper.Dependency() != g.dependency {
			t.Error("there are two dependencies")
		}
		spec := Spec{Interface: "test.wire", Dependency: "redis", Policy: Policy{Threshold: Threshold{Failures: 3}}}
		if _, err := NewWrapper(w.HealthRegistry, spec, wire.client, nil, AsTransport()); err == nil {
			t.Error("another policy was taken")
		}
	})
}

func TestRegularMethodsOfATransport(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		wire := w.wire("redis")
		if wire.wrapper.Regular("GET") != wire.get || wire.wrapper.Regular("SET") == wire.get {
			t.Error("an operation has not one method")
		}
		for i := range operationLimit + 10 {
			wire.wrapper.Regular(fmt.Sprint("MODULE.", i))
		}
		if n := len(wire.wrapper.Dependency().methods); n > operationLimit {
			t.Errorf("%d methods are kept", n)
		}
		defer func() {
			if recover() == nil {
				t.Error("a wrapper's took one")
			}
		}()
		wrapper, err := NewWrapper(w.HealthRegistry, Spec{Interface: "test.above", Dependency: "redis", Policy: Policy{}}, wire.client, nil)
		if err != nil {
			t.Fatal(err)
		}
		wrapper.Regular("GET")
	})
}
