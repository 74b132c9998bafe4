package guard

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// TestClearanceAllowsOnlyWhatTheDecisionAllows draws what the gate may have seen, and asks the decision again at each
// moment at which the clearance still lets pass.
func TestClearanceAllowsOnlyWhatTheDecisionAllows(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 1))
	given, asked := 0, 0
	for range 200_000 {
		now := 100 * second
		about := func(m moment) moment { return m + moment(dice.Int64N(int64(10*second))) - 5*second }
		s := &snapshot{
			now: now, scoped: dice.IntN(2) == 0, budgetLeft: true, startHold: 30 * time.Second, hold: 30 * time.Second,
		}
		for n := range 1 + dice.IntN(3) {
			d := standing{
				name: strconv.Itoa(n), registered: true, registeredAt: 1, quiet: time.Second, failedAt: about(now - 6*second),
				provenUntil: about(now + 4*second), recognised: dice.IntN(10) == 0,
			}
			if dice.IntN(4) == 0 {
				d.episodeEnded = about(now - 32*second)
			}
			s.required = append(s.required, d)
		}
		if s.decide().reason != "" {
			continue
		}
		c := s.clearanceOf(7)
		if c == nil {
			continue
		}
		given++
		for range 8 {
			later := *s
			later.now = now + moment(dice.Int64N(int64(12*second)))
			later.scoped = dice.IntN(2) == 0
			if later.now > c.until || !later.scoped && later.now < c.quietFrom {
				continue
			}
			asked++
			if v := later.decide(); v.reason != "" {
				t.Fatalf("the clearance %+v lets pass at %d, scoped %t; the decision denies: %s\n%+v", *c, later.now, later.scoped, v.reason, later.required)
			}
		}
	}
	if given < 1000 || asked < 1000 {
		t.Fatalf("%d clearances, %d asks: hardly anything is shown", given, asked)
	}
}

// inClearance is inWorld with a world whose gate has just let w.drop pass, with a clearance.
func inClearance(t *testing.T, test func(t *testing.T, w *world, g *guarded)) {
	t.Helper()
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		if !w.clear(g) {
			t.Fatal("no clearance")
		}
		test(t, w, g)
	})
}

// clear reports whether a glance would let Drop pass.
func (w *world) clear(g *guarded) bool {
	_, passes := w.glance(NewScope(context.Background()), g.drop.operation, nil)
	return passes
}

// TestWhateverDisturbsVoidsTheClearance has the clearance voided by each thing that may make the gate deny.
func TestWhateverDisturbsVoidsTheClearance(t *testing.T) {
	for name, disturb := range map[string]func(t *testing.T, w *world, g *guarded){
		"a failure":          func(_ *testing.T, _ *world, g *guarded) { g.fail(1) },
		"a reported failure": func(_ *testing.T, w *world, _ *guarded) { _ = w.RecordFailure("redis", errDown) },
		"a caller that goes away": func(t *testing.T, _ *world, g *guarded) {
			ctx, cancel := context.WithCancel(t.Context())
			call := g.get.Begin(ctx)
			cancel()
			_ = call.Settle(ctx, ctx.Err())
		},
		"a heavy read that is shed": func(t *testing.T, w *world, g *guarded) {
			_ = w.SetState("redis", Degraded, "test")
			sleep(10 * time.Millisecond)
			wantAllowed(t, g.Drop(NewScope(t.Context()))) // cleared again
			_ = g.List(t.Context())
		},
		"an isolation":     func(_ *testing.T, w *world, _ *guarded) { _ = w.Isolate("redis", "test") },
		"unhealthy is set": func(_ *testing.T, w *world, _ *guarded) { _ = w.SetState("redis", Unhealthy, "test") },
		"unknown is set":   func(_ *testing.T, w *world, _ *guarded) { _ = w.SetState("redis", Unknown, "test") },
		"a probe fails": func(t *testing.T, w *world, g *guarded) {
			g.set(errDown)
			_ = w.Probe(t.Context(), "redis")
		},
		"another is registered": func(_ *testing.T, w *world, _ *guarded) { w.guard("api") },
		"it has a generation": func(t *testing.T, w *world, _ *guarded) {
			read := func(context.Context) (string, error) { return "one", nil }
			if _, err := w.Dependency("redis", Policy{}, WithGeneration(read)); err != nil {
				t.Error(err)
			}
		},
		"a failure of an optional one": func(t *testing.T, w *world, _ *guarded) {
			if _, err := w.Dependency("cache", Policy{Optional: true}); err != nil {
				t.Error(err)
			}
			_ = w.RecordFailure("cache", errDown)
		},
		"max-age":             func(_ *testing.T, _ *world, g *guarded) { g.hangs(); sleep(defaultMaxAge + tickLength) },
		"the process stood":   func(_ *testing.T, w *world, _ *guarded) { w.standstill.Store(true); sleep(3 * time.Second) },
		"the registry closes": func(_ *testing.T, w *world, _ *guarded) { w.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			inClearance(t, func(t *testing.T, w *world, g *guarded) {
				disturb(t, w, g)
				if w.clear(g) {
					t.Error("a glance would still let Drop pass")
				}
			})
		})
	}
}

func TestGlanceDeniesWhatIsTheCallsOwn(t *testing.T) {
	inClearance(t, func(t *testing.T, w *world, g *guarded) {
		op := g.drop.operation
		glance := func(ctx context.Context, keys ...string) bool {
			_, passes := w.glance(ctx, op, keys)
			return passes
		}
		tainted := NewScope(t.Context())
		scopeOf(tainted).mark(&taint{until: time.Now().Add(time.Minute), dependency: "redis"})
		w.suspects.add(g.get, []string{"session:1"}, 1, w.clock.now(), w.clock.now().add(time.Minute), errDown)
		switch {
		case glance(tainted):
			t.Error("a tainted scope passes")
		case glance(NewScope(t.Context()), "session:1"):
			t.Error("a suspect key passes")
		case glance(NewScope(t.Context()), "session:?"):
			t.Error("a key that could not be read passes")
		case !glance(NewScope(t.Context()), "session:2"):
			t.Error("another key does not pass")
		case !glance(t.Context()):
			t.Error("without a scope it does not pass, although all is quiet")
		}
	})
}

// TestGateCostsTheSameForAHundredDependencies counts allocations, which are the same on each machine.
func TestGateCostsTheSameForAHundredDependencies(t *testing.T) {
	costs := make(map[int]float64)
	for _, dependencies := range []int{1, 100} {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis", func(s *Spec) { s.Policy.MaxAge = time.Hour })
			for n := 1; n < dependencies; n++ {
				w.guard("shard-"+strconv.Itoa(n), func(s *Spec) { s.Policy.MaxAge = time.Hour })
			}
			if err := w.WaitHealthy(t.Context()); err != nil {
				t.Fatal(err)
			}
			ctx := NewScope(t.Context())
			wantAllowed(t, g.Drop(ctx))
			costs[dependencies] = testing.AllocsPerRun(100, func() {
				if _, passes := w.glance(ctx, g.drop.operation, nil); !passes {
					t.Error("the gate takes a whole look")
				}
			})
		})
	}
	if costs[1] != 0 || costs[100] != 0 {
		t.Errorf("allocations of a glance: %v", costs)
	}
}

func TestManyRefusalsAreOneBumpUntilATrialBegins(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		bumps := func(refusals int) uint64 {
			before := epochOf(g.dependency.word.Load())
			for range refusals {
				if g.Get(t.Context()) == nil {
					t.Fatal("not refused")
				}
			}
			return uint64(epochOf(g.dependency.word.Load()) - before)
		}
		if n := bumps(100); n != 1 {
			t.Errorf("a hundred refusals bump the epoch %d times", n)
		}
		if n := bumps(100); n != 0 {
			t.Errorf("a hundred more bump it %d times", n)
		}
		g.hangs()
		sleep(time.Until(mustHealth(w, "redis").OpenUntil) + 10*time.Millisecond)
		if h := mustHealth(w, "redis"); h.Breaker != "half-open" {
			t.Fatalf("no trial: %s", h.Breaker)
		}
		if n := bumps(100); n != 1 { // what the trial says is not about the time after it
			t.Errorf("during a trial a hundred refusals bump the epoch %d times", n)
		}
	})
}

// TestEveryRefusalMarksItsScopeAndItsKeys has calls refused after one that was noted: that says nothing about theirs.
func TestEveryRefusalMarksItsScopeAndItsKeys(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		if g.Get(t.Context()) == nil || !g.dependency.hasNoted() {
			t.Fatal("no refusal is noted")
		}
		ctx := NewScope(t.Context())
		if g.Get(ctx) == nil || scopeOf(ctx).own.Load() == nil {
			t.Error("the scope is not marked")
		}
		before := g.get.suspects.Load()
		if g.Get(t.Context(), Keys("session", 1)...) == nil || g.get.suspects.Load() != before+1 {
			t.Errorf("%d keys are marked, %d before", g.get.suspects.Load(), before)
		}
		judged := g.get.Begin(t.Context()).SettleAs(t.Context(), OutcomeSuccess, nil, Keys("session", 2)...)
		if _, ok := errors.AsType[*DependencyUnhealthyError](judged); !ok || g.get.suspects.Load() != before+2 {
			t.Errorf("a refusal that the caller judges returns %v and marks %d keys, %d before", judged, g.get.suspects.Load(), before)
		}
	})
}

// TestProbeThroughItsOwnGuardHealsIt has a probe that calls a guarded method: it must not be refused as others are.
func TestProbeThroughItsOwnGuardHealsIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.probeWith(func(ctx context.Context) error { return g.Get(ctx) })
		w.prove(g)
		g.fail(5)
		if g.Get(t.Context()) == nil {
			t.Fatal("the breaker is not open")
		}
		sleep(time.Minute)
		if err := g.Get(t.Context()); err != nil {
			t.Errorf("a minute after the outage it is not healed: %v", err)
		}
	})
}

// TestLastRefusalIsNoEarlierThanItWas has refusals until the breaker closes, of which only the first was noted.
func TestLastRefusalIsNoEarlierThanItWas(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		g.set(nil)
		var last moment
		for g.Get(t.Context()) != nil {
			last = w.clock.now()
			sleep(5 * time.Millisecond)
		}
		s := requirement{"redis", g.dependency}.standing(w.clock.now())
		if s.failedAt < last {
			t.Errorf("the last refusal was %s before the one that was", last.sub(s.failedAt))
		}
	})
}

func mustHealth(w *world, name string) DependencyHealth {
	w.t.Helper()
	h, ok := w.Health(name)
	if !ok {
		w.t.Fatalf("%s is not registered", name)
	}
	return h
}

// TestRefusedAskLeavesNoClearance has a critical dependency registered while the gate waits for the proof of another: that ask
// is refused, and so are those that follow.
func TestRefusedAskLeavesNoClearance(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		slow := func(context.Context) error { time.Sleep(100 * time.Millisecond); return nil }
		g := w.guard("redis")
		g.probeWith(slow)
		first := make(chan error, 1)
		go func() { first <- g.Drop(NewScope(t.Context())) }()
		sleep(50 * time.Millisecond)
		w.guard("api").hangs()
		if err := <-first; err == nil {
			t.Error("the ask that met the registration passes")
		}
		if w.clear(g) {
			t.Error("it has left a clearance")
		}
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnproven)
	})
}
