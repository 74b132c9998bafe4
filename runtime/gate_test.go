package guard

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// settle lets an episode end and hold run out, and proves the clients anew.
func (w *world) calm(clients ...*guarded) {
	sleep(2 * time.Minute)
	w.prove(clients...)
}

func TestGateAllowsInHealth(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		wantAllowed(t, g.Drop(t.Context())) // unknown: the probe of the gate proves it
		wantAllowed(t, g.Drop(NewScope(t.Context()), "topic:1"))
		sleep(time.Minute) // idle: stale evidence is renewed by the background or by the gate
		wantAllowed(t, g.Drop(t.Context()))
		wantAllowed(t, w.AllowDestructive(t.Context(), "purge", "topic:1"))
	})
}

func TestGateDeniesWhileADependencyIsUnhealthy(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, api := w.guard("redis"), w.guard("api")
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		w.prove(redis, api, cache)
		api.fail(5)
		denied := wantDenied(t, redis.Drop(NewScope(t.Context())), ReasonUnhealthy)
		if denied.Dependency != "api" || !errors.Is(denied, ErrUnhealthy) || denied.RetryAfter() < time.Second {
			t.Errorf("denial %v: dependency %s, retry after %s", denied, denied.Dependency, denied.RetryAfter())
		}
		wantDenied(t, w.AllowDestructive(t.Context(), "purge"), ReasonUnhealthy)
		w.calm(redis, api)
		cache.fail(5)
		wantAllowed(t, redis.Drop(NewScope(t.Context()))) // an optional one does not close the gate for others
		wantDenied(t, cache.Drop(NewScope(t.Context())), ReasonUnhealthy)
	})
}

// TestErrorHandlerCannotDestroy is the story of the project: an error handler cleans up what is alive.
func TestErrorHandlerCannotDestroy(t *testing.T) {
	contexts := map[string]struct {
		of   func(context.Context) context.Context
		want Reason
	}{
		"scoped":     {NewScope, ReasonScope},
		"unscoped":   {func(ctx context.Context) context.Context { return ctx }, ReasonQuiet},
		"background": {func(context.Context) context.Context { return context.Background() }, ReasonQuiet},
		"derived": {func(ctx context.Context) context.Context {
			return context.WithoutCancel(context.WithValue(NewScope(ctx), scopeKey{}, scopeOf(NewScope(ctx))))
		}, ReasonScope},
	}
	for name, row := range contexts {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				api, redis := w.guard("api"), w.guard("redis")
				w.prove(api, redis)
				api.set(errDown) // one timeout: no breaker opens
				ctx := row.of(t.Context())
				if err := api.Get(ctx, "session:42"); err == nil {
					t.Fatal("no error to handle")
				}
				api.set(nil)
				wantDenied(t, redis.Drop(ctx, "topic:42"), row.want)
			})
		})
	}
}

func TestScopeStaysTaintedUntilHoldAfterItsLastFailure(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		scope := NewScope(t.Context())
		w.prove(g)
		g.set(errDown)
		_ = g.Get(scope)
		g.set(nil)
		wantAllowed(t, g.Drop(NewScope(t.Context()))) // another unit of work
		for range 59 {
			sleep(time.Second)
			w.prove(g)
			wantDenied(t, g.Drop(scope), ReasonScope) // success does not wash
		}
		sleep(1001 * time.Millisecond)
		wantAllowed(t, g.Drop(scope))
	})
}

func TestScopeWithinAScopeDoesNotWash(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		outer := NewScope(t.Context())
		before := NewScope(outer)
		g.set(errDown)
		_ = g.Get(outer)
		g.set(nil)
		wantDenied(t, g.Drop(NewScope(outer)), ReasonScope)
		wantDenied(t, g.Drop(before), ReasonScope)
		turn := NewScope(t.Context())
		g.set(errDown)
		_ = g.Get(NewScope(turn)) // one item of the turn
		g.set(nil)
		wantDenied(t, g.Drop(turn), ReasonScope)
		wantAllowed(t, g.Drop(NewScope(turn))) // another
	})
}

func TestRefusedCallTaints(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		redis := w.guard("redis")
		w.prove(cache, redis)
		cache.fail(5)
		sleep(100 * time.Millisecond)
		scope := NewScope(t.Context())
		if err := cache.Get(scope, "session:1"); !errors.Is(err, ErrUnhealthy) {
			t.Fatal(err)
		}
		wantDenied(t, redis.Drop(scope), ReasonScope)
		wantDenied(t, redis.Drop(NewScope(t.Context()), "session:1"), ReasonKey)
		wantAllowed(t, redis.Drop(NewScope(t.Context()), "session:2"))
	})
}

func TestKeyIsCleanWhenTheMethodThatFailedSucceeds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		api, redis := w.guard("api"), w.guard("redis")
		w.prove(api, redis)
		fail := func(key string) {
			redis.set(errDown)
			_ = redis.Get(t.Context(), key)
			redis.set(nil)
		}
		fail("session:1")
		denied := wantDenied(t, api.Drop(NewScope(t.Context()), "session:0", "session:1"), ReasonKey)
		if denied.Key != "session:1" || denied.Dependency != "redis" {
			t.Errorf("key %q of %q", denied.Key, denied.Dependency)
		}
		_ = redis.List(t.Context(), "session:1") // another method
		_ = api.Get(t.Context(), "session:1")    // another dependency
		wantDenied(t, api.Drop(NewScope(t.Context()), "session:1"), ReasonKey)
		_ = redis.Get(t.Context(), "session:1")
		wantAllowed(t, api.Drop(NewScope(t.Context()), "session:1"))

		fail("session:2")
		sleep(59 * time.Second)
		wantDenied(t, api.Drop(NewScope(t.Context()), "session:2"), ReasonKey)
		sleep(time.Second)
		wantAllowed(t, api.Drop(NewScope(t.Context()), "session:2"))
		sleep(2 * time.Second)
		if n := redis.get.suspects.Load(); n != 0 {
			t.Errorf("%d suspects left after hold", n)
		}
	})
}

func TestSuccessBegunBeforeTheFailureDoesNotCleanAKey(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		slow := g.get.Begin(t.Context())
		g.set(errDown)
		_ = g.Get(t.Context(), "session:1")
		g.set(nil)
		_ = slow.Settle(t.Context(), nil, "session:1")
		wantDenied(t, g.Drop(NewScope(t.Context()), "session:1"), ReasonKey)
	})
}

func TestKeyOverflowDenies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		until := w.clock.now().add(time.Minute)
		for i := range suspectsLimit + 10 {
			w.suspects.add(g.get, Keys("session", i), 0, w.clock.now(), until, errDown)
		}
		if w.suspects.size != suspectsLimit || w.suspects.overflows != 10 {
			t.Fatalf("size %d, overflows %d", w.suspects.size, w.suspects.overflows)
		}
		wantDenied(t, g.Drop(NewScope(t.Context()), "session:new"), ReasonKey)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		sleep(time.Minute + 2*time.Second)
		wantAllowed(t, g.Drop(NewScope(t.Context()), "session:new"))
		if w.suspects.size != 0 {
			t.Errorf("%d suspects left", w.suspects.size)
		}
	})
}

func TestUnscopedCallWaitsOutAQuietMoment(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		w.prove(g, cache)
		g.fail(1)
		sleep(999 * time.Millisecond)
		wantDenied(t, g.Drop(t.Context()), ReasonQuiet)
		sleep(2 * time.Millisecond)
		wantAllowed(t, g.Drop(t.Context()))
		cache.fail(1)
		wantAllowed(t, g.Drop(t.Context())) // not required
	})
}

func TestGateStaysShutForHoldAfterAnEpisode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnhealthy)
		sleep(1100 * time.Millisecond) // the probe has closed the breaker
		w.wantState("redis", Healthy)
		closed := time.Now()
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
		for g.Drop(NewScope(t.Context())) != nil {
			if time.Since(closed) > 65*time.Second {
				t.Fatal("the gate did not open within hold and three successes")
			}
			sleep(100 * time.Millisecond)
		}
		if took := time.Since(closed); took < time.Minute {
			t.Errorf("the gate opened after %s, want hold", took)
		}
	})
}

func TestHoldIsTheLongestOverTheRequired(t *testing.T) {
	for _, careful := range []string{"aaa", "zzz"} { // first or last in the list of the required
		inWorld(t, func(t *testing.T, w *world) {
			long := w.guard(careful, policy(func(p *Policy) { p.Hold = 3 * time.Minute }))
			api := w.guard("api")
			w.prove(long, api)
			api.fail(5)
			sleep(2 * time.Minute)
			wantDenied(t, api.Drop(NewScope(t.Context())), ReasonHold)
			sleep(70 * time.Second)
			wantAllowed(t, api.Drop(NewScope(t.Context())))
		})
	}
}

func TestEpisodeIsBackdatedToTheLastProof(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		sleep(time.Second)
		w.prove(g)
		proven := time.Now()
		sleep(30 * time.Second)
		g.fail(5)
		h, _ := w.Health("redis")
		if late := proven.Sub(h.EpisodeFrom); late < 0 || late > tickLength {
			t.Errorf("the episode began at %s, the last proof was at %s", h.EpisodeFrom, proven)
		}
	})
}

func TestProbeBegunBeforeTheLastFailureIsNotJoined(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		w.prove(g)
		var probes atomic.Int32
		g.probeWith(func(context.Context) error {
			first := probes.Add(1) == 1
			time.Sleep(500 * time.Millisecond)
			if first {
				return nil
			}
			return errDown
		})
		go func() { _ = w.Probe(context.Background(), "redis") }()
		sleep(100 * time.Millisecond)
		g.fail(1)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnproven)
	})
}

func TestGateStaysShutForHoldAfterStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{NewHealthRegistry(WithLogger(slog.New(slog.DiscardHandler))), t}
		defer w.Close()
		g := w.guard("redis")
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonStart)
		sleep(59 * time.Second)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonStart)
		sleep(time.Second)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestTwoFailedProbesOpenAnEpisodeAndOneDoesNot(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		var failures atomic.Int32
		failures.Store(1)
		g.probeWith(func(ctx context.Context) error {
			if failures.Add(-1) >= 0 {
				return errDown
			}
			return g.ping(ctx)
		})
		sleep(5 * time.Second)
		if h, _ := w.Health("redis"); h.Episode != 0 || failures.Load() >= 0 {
			t.Fatalf("one lost probe opened an episode (%d failures left)", failures.Load())
		}
		before, _ := w.Health("redis")
		failures.Store(2)
		sleep(3 * time.Second)
		h, _ := w.Health("redis")
		if h.Episode != 1 || h.Breaker != "closed" {
			t.Fatalf("episode %d, breaker %s after two failed probes", h.Episode, h.Breaker)
		}
		if since := g.dependency.episodeSince; w.clock.wall(since).After(before.LastSuccess.Add(3 * time.Second)) {
			t.Errorf("the episode is not backdated to the last proof: %s", w.clock.wall(since))
		}
		sleep(10 * time.Second)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonHold)
	})
}

func TestEpisodeEndsAfterThreeSuccesses(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		sleep(1100 * time.Millisecond)
		recovering := func() bool { h, _ := w.Health("redis"); return h.Recovering }
		began := time.Now()
		for recovering() {
			sleep(50 * time.Millisecond)
		}
		if took := time.Since(began); took < 2*time.Second || took > 4*time.Second {
			t.Errorf("without traffic the episode ended after %s, want three probes 1s apart", took)
		}
		w.calm(g)
		g.fail(5)
		sleep(1100 * time.Millisecond)
		odd := false
		g.probeWith(func(context.Context) error { // every other probe is lost
			if odd = !odd; odd {
				return errDown
			}
			return nil
		})
		for range 20 { // and after each success a call fails
			w.prove(g)
			sleep(400 * time.Millisecond)
			g.fail(1)
			sleep(400 * time.Millisecond)
			if !recovering() {
				t.Fatal("the episode ended without three successes in a row")
			}
		}
		w.prove(g, g, g)
		sleep(time.Second)
		if recovering() {
			t.Error("three successes in a row did not end the episode")
		}
	})
}

func TestFailureUnprovesAndLateSuccessDoesNotProve(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		slow := g.get.Begin(t.Context())
		g.fail(1)
		_ = slow.Settle(t.Context(), nil)
		g.hangs() // the probe of the gate will not help
		denied := wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnproven)
		if !errors.Is(denied, ErrUnhealthy) {
			t.Error("unproven does not unwrap to unhealthy")
		}
		g.set(nil)
		sleep(100 * time.Millisecond)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestEvidenceExpiresAfterMaxAge(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		w.prove(g)
		sleep(1900 * time.Millisecond)
		_, probes := g.count()
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		if _, after := g.count(); after != probes {
			t.Error("fresh evidence was probed")
		}
		sleep(2100 * time.Millisecond)
		g.hangs()
		wantDenied(t, g.drop.Ask(NewScope(t.Context())).Settle(t.Context(), nil), ReasonUnproven)
	})
}

func TestGateProbesDependenciesInParallelWithinTheCallersTime(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var all []*guarded
		for _, name := range []string{"a", "b", "c", "d"} {
			g := w.guard(name, policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
			g.probeWith(func(context.Context) error { time.Sleep(300 * time.Millisecond); return nil })
			all = append(all, g)
		}
		began := time.Now()
		wantAllowed(t, all[0].Drop(t.Context()))
		if took := time.Since(began); took != 300*time.Millisecond {
			t.Errorf("four probes took %s, want 300ms", took)
		}
		sleep(10 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began = time.Now()
		wantDenied(t, all[0].Drop(ctx), ReasonUnproven)
		if took := time.Since(began); took != 50*time.Millisecond {
			t.Errorf("the gate took %s of the caller's 50ms", took)
		}
	})
}

func TestProbesOfTheGateAreSpaced(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		w.prove(g)
		began := time.Now()
		for range 100 { // a reaper that asks for a hundred, while calls fail between
			g.fail(1)
			wantAllowed(t, g.Drop(NewScope(t.Context())))
		}
		_, probes := g.count()
		if least := time.Duration(probes-1) * 50 * time.Millisecond; probes < 90 || time.Since(began) < least {
			t.Errorf("%d probes in %s, want one in 50ms", probes, time.Since(began))
		}
	})
}

func TestAskingInAnOutageIsCheap(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.set(errDown)
		var lines atomic.Int32
		w.Subscribe(func(e Event) {
			if e.Kind == EventDenial {
				lines.Add(1)
			}
		})
		for i := range 50_000 { // a reaper that asks for fifty thousand
			_ = g.drop.Ask(NewScope(t.Context()), Keys("topic", i)...).Settle(t.Context(), nil)
		}
		synctest.Wait()
		if _, probes := g.count(); probes > 10 || lines.Load() > 5 {
			t.Errorf("%d probes, %d lines", probes, lines.Load())
		}
	})
}

func TestNothingRequiredDenies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		wantDenied(t, w.AllowDestructive(t.Context(), "purge"), ReasonNoDependency)
	})
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		denied := wantDenied(t, w.AllowDestructive(t.Context(), "purge"), ReasonUnknownDependency)
		if denied.Dependency != "api" {
			t.Errorf("dependency %q", denied.Dependency)
		}
		w.guard("api")
		wantAllowed(t, w.AllowDestructive(t.Context(), "purge"))
	}, Requires("api"))
}

func TestBudgetBoundsDestruction(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{3, time.Minute}))
		w.prove(g)
		again := w.guard("redis", budget(Budget{3, time.Minute})) // another wrapper of the same interface
		for range 3 {
			wantAllowed(t, g.Drop(NewScope(t.Context())))
			sleep(time.Second)
		}
		denied := wantDenied(t, again.Drop(NewScope(t.Context())), ReasonBudget)
		if denied.RetryAfter() != 57*time.Second {
			t.Errorf("retry after %s, want 57s", denied.RetryAfter())
		}
		if p, _ := ProblemOf(denied); p.Status != 429 {
			t.Errorf("status %d, want 429", p.Status)
		}
		sleep(57 * time.Second)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonBudget)
	})
}

func TestFailedDestructionKeepsItsTokenAndTaints(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{2, time.Minute}))
		w.prove(g)
		g.probeWith(func(context.Context) error { return nil })
		g.set(errDown)
		if err := g.Drop(NewScope(t.Context()), "topic:1"); !errors.Is(err, errDown) {
			t.Fatalf("error = %v", err)
		}
		g.set(nil)
		wantDenied(t, g.Drop(NewScope(t.Context()), "topic:1"), ReasonKey) // its outcome is unknown
		sleep(time.Second)
		wantAllowed(t, g.Drop(NewScope(t.Context()), "topic:2"))
		wantDenied(t, g.Drop(NewScope(t.Context()), "topic:3"), ReasonBudget)
	})
}

func TestUserConfirmedSkipsOnlyWhatGuardsAgainstInference(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{1, time.Hour}))
		w.prove(g)
		wantAllowed(t, g.Drop(NewScope(t.Context()), "topic:0"))
		g.set(errDown)
		_ = g.Get(t.Context(), "topic:1")
		g.set(nil)
		sleep(time.Second)
		fresh := func() context.Context { return NewScope(t.Context()) }
		wantDenied(t, g.Drop(UserConfirmed(fresh(), "ann", "topic:2"), "topic:1"), ReasonKey)
		wantAllowed(t, g.Drop(UserConfirmed(fresh(), "ann", "topic:1"), "topic:1")) // key and budget
		wantDenied(t, g.Drop(UserConfirmed(fresh(), "", "topic:3"), "topic:3"), ReasonBudget)
		wantDenied(t, g.Drop(UserConfirmed(fresh(), "ann"), "topic:3"), ReasonBudget)
		wantAllowed(t, g.Drop(UserConfirmed(fresh(), "ann")))
		old := UserConfirmed(fresh(), "ann", "topic:3")
		sleep(61 * time.Second)
		wantDenied(t, g.Drop(old, "topic:3"), ReasonBudget)

		g.fail(5)
		wantDenied(t, g.Drop(UserConfirmed(fresh(), "ann", "topic:3"), "topic:3"), ReasonUnhealthy)
		sleep(1100 * time.Millisecond)
		wantDenied(t, g.Drop(UserConfirmed(fresh(), "ann", "topic:3"), "topic:3"), ReasonRecovering)
		sleep(4 * time.Second)
		wantAllowed(t, g.Drop(UserConfirmed(fresh(), "ann", "topic:3"), "topic:3")) // hold
		tainted := fresh()
		g.set(errDown)
		_ = g.Get(tainted)
		g.set(nil)
		wantDenied(t, g.Drop(UserConfirmed(tainted, "ann", "topic:3"), "topic:3"), ReasonScope)
		wantDenied(t, g.Drop(UserConfirmed(t.Context(), "ann", "topic:3"), "topic:3"), ReasonQuiet)
	})
}

func TestBreakGlassIsRecordedBeforeTheActAndPassesAllButIsolation(t *testing.T) {
	var records []AuditRecord
	var sinkErr error
	audit := WithAudit(func(_ context.Context, r AuditRecord) error {
		records = append(records, r)
		return sinkErr
	})
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(5)
		g.set(nil)
		glass := func(change func(*Override)) context.Context {
			o := Override{Actor: "ann", Reason: "incident 7", Expires: time.Now().Add(time.Minute)}
			change(&o)
			return BreakGlass(t.Context(), o)
		}
		valid := func(*Override) {}
		calls, _ := g.count()
		wantAllowed(t, g.Drop(glass(valid), "topic:1"))
		if after, _ := g.count(); after != calls+1 {
			t.Fatal("the call did not run")
		}
		w.wantState("redis", Unhealthy) // passed unrecorded
		if len(records) != 1 || records[0].Actor != "ann" || records[0].Overruled != ReasonUnhealthy || records[0].Keys[0] != "topic:1" {
			t.Errorf("records %+v", records)
		}
		used := glass(valid)
		wantAllowed(t, g.Drop(used))
		wantDenied(t, g.Drop(used), ReasonOverride)
		twice := glass(func(o *Override) { o.Uses = 2 })
		wantAllowed(t, g.Drop(twice))
		wantAllowed(t, g.Drop(twice))
		wantDenied(t, g.Drop(twice), ReasonOverride)
		for name, spoil := range map[string]func(*Override){
			"actor":     func(o *Override) { o.Actor = "" },
			"reason":    func(o *Override) { o.Reason = "" },
			"no expiry": func(o *Override) { o.Expires = time.Time{} },
			"expired":   func(o *Override) { o.Expires = time.Now() },
			"too long":  func(o *Override) { o.Expires = time.Now().Add(time.Hour) },
			"other":     func(o *Override) { o.Operation = "Purge" },
		} {
			t.Log(name)
			wantDenied(t, g.Drop(glass(spoil)), ReasonOverride)
		}
		sinkErr = errors.New("disk full")
		calls, _ = g.count()
		wantDenied(t, g.Drop(glass(valid)), ReasonAudit)
		if after, _ := g.count(); after != calls {
			t.Error("a call ran although it could not be recorded")
		}
		sinkErr = nil
		if err := w.Isolate("redis", "maintenance"); err != nil {
			t.Fatal(err)
		}
		wantDenied(t, g.Drop(glass(valid)), ReasonIsolated)
	}, audit)
}

func TestObserveDecidesAlikeAndLetsPass(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		scope := NewScope(t.Context())
		g.set(errDown)
		_ = g.Get(scope)
		g.set(nil)
		wantAllowed(t, g.Drop(scope))
		wantAllowed(t, w.AllowDestructive(scope, "purge"))
		if d := w.Explain(scope, "Drop"); d.Allowed || d.Mode != Observe || d.Reason != ReasonScope {
			t.Errorf("explain = %+v", d)
		}
		denials := w.Denials()
		if len(denials) != 2 || denials[0].Count != 1 || denials[0].WouldDeny != 1 {
			t.Errorf("denials = %+v", denials)
		}
		if err := w.SetMode(Enforce, "Drop"); err != nil {
			t.Fatal(err)
		}
		wantDenied(t, g.Drop(scope), ReasonScope)
		wantAllowed(t, w.AllowDestructive(scope, "purge"))
		if err := w.SetMode(Enforce); err != nil {
			t.Fatal(err)
		}
		wantDenied(t, w.AllowDestructive(scope, "purge"), ReasonScope)
		if err := w.SetMode(Observe, "nothing"); err == nil {
			t.Error("an unknown operation was switched")
		}
	}, WithMode(Observe))
}

func TestExplainTakesNothingAndProbesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{1, time.Minute}), policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		for range 5 {
			if d := w.Explain(NewScope(t.Context()), "Drop", "topic:1"); d.Allowed || d.Reason != ReasonUnproven {
				t.Fatalf("unknown: %+v", d)
			}
		}
		w.prove(g)
		for range 5 {
			if d := w.Explain(NewScope(t.Context()), "Drop", "topic:1"); !d.Allowed {
				t.Fatalf("healthy: %+v", d)
			}
		}
		if _, probes := g.count(); probes != 0 || len(w.Denials()) != 0 {
			t.Errorf("%d probes, denials %v", probes, w.Denials())
		}
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		if d := w.Explain(NewScope(t.Context()), "Drop"); d.Reason != ReasonBudget || d.Detail != "budget spent: 1/1m" {
			t.Errorf("budget: %+v", d)
		}
	})
}

func TestIsolationIsStickyAndRestoreHeals(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		if err := w.Isolate("redis", "maintenance"); err != nil {
			t.Fatal(err)
		}
		_, probes := g.count()
		sleep(10 * time.Minute)
		if err := g.Get(t.Context()); !errors.Is(err, ErrUnhealthy) {
			t.Fatal(err)
		}
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonIsolated)
		if _, after := g.count(); after != probes {
			t.Error("an isolated dependency was probed")
		}
		if err := w.SetState("redis", Healthy, "it looks fine"); err == nil {
			t.Error("SetState healed an isolated dependency")
		}
		if err := w.Restore("redis"); err != nil {
			t.Fatal(err)
		}
		sleep(10 * time.Millisecond)
		w.wantState("redis", Healthy)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
		sleep(2 * time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestSetStateReportsAnOutsideObservation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		check(w.SetState("redis", Degraded, "replica lag"))
		w.wantState("redis", Degraded)
		check(w.SetState("redis", Unknown, "failover"))
		w.wantState("redis", Unknown)
		check(w.SetState("redis", Unhealthy, "pager"))
		w.wantState("redis", Unhealthy)
		check(w.SetState("redis", Healthy, "pager resolved"))
		w.wantState("redis", Healthy)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering) // hold still runs
		check(w.SetState("redis", Unhealthy, "pager"))
		sleep(5 * time.Second)
		w.wantState("redis", Healthy) // probes heal it
		for range 5 {
			check(w.RecordFailure("redis", errDown))
		}
		w.wantState("redis", Unhealthy)
		check(w.RecordSuccess("redis")) // only the probe closes it
		w.wantState("redis", Unhealthy)
		if err := w.SetState("nothing", Healthy, ""); !errors.Is(err, ErrUnknownDependency) {
			t.Errorf("error = %v", err)
		}
	})
}

// TestGateAllowsUnderNoise is C8: a gate that denies everything passes every other test.
func TestGateAllowsUnderNoise(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		stop := make(chan struct{})
		var wg sync.WaitGroup
		errs := []error{errDown}
		for worker := range 10 { // 10 × 1,000 calls/s of 1 ms with 1 % errors
			wg.Go(func() {
				noise := rand.New(rand.NewPCG(7, uint64(worker)))
				for {
					select {
					case <-stop:
						return
					default:
					}
					attempt := g.get.Begin(t.Context())
					time.Sleep(time.Millisecond - time.Duration(noise.IntN(2000)))
					var err error
					if noise.IntN(100) == 0 {
						err = errs[0]
					}
					if !attempt.Succeeded(err) {
						_ = attempt.Settle(t.Context(), err, Keys("session", noise.IntN(10_000))...)
					}
				}
			})
		}
		time.Sleep(time.Second)
		const asks = 400
		allowed := 0
		for i := range asks {
			if err := g.Drop(NewScope(t.Context()), Keys("topic", i)...); err == nil {
				allowed++
			} else {
				t.Logf("denied: %v", err)
			}
			time.Sleep(101 * time.Millisecond)
		}
		close(stop)
		wg.Wait()
		if allowed < asks*99/100 {
			t.Errorf("%d of %d rightful destructions allowed at the first ask, want 99%%", allowed, asks)
		}
	})
}

func TestHealthyGateAllowsEveryAsk(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, api := w.guard("redis"), w.guard("api")
		for i := range 2000 {
			wantAllowed(t, redis.Drop(NewScope(t.Context()), Keys("topic", i)...))
			wantAllowed(t, api.Drop(t.Context(), Keys("session", i)...))
			sleep(time.Duration(i%50) * 100 * time.Millisecond)
		}
	})
}

func TestClosedRegistryRefusesEverything(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		w.Close()
		w.Close()
		if err := g.Get(t.Context()); !errors.Is(err, ErrClosed) || !errors.Is(err, ErrUnhealthy) {
			t.Errorf("call: %v", err)
		}
		denied := wantDenied(t, g.Drop(t.Context()), ReasonRegistryClosed)
		if !errors.Is(denied, ErrClosed) {
			t.Errorf("denial: %v", denied)
		}
		wantDenied(t, w.AllowDestructive(t.Context(), "purge"), ReasonRegistryClosed)
		for name, err := range map[string]error{
			"SetState": w.SetState("redis", Healthy, ""), "RecordSuccess": w.RecordSuccess("redis"), "Probe": w.Probe(t.Context(), "redis"),
			"Isolate": w.Isolate("redis", "x"), "WaitHealthy": w.WaitHealthy(t.Context()),
		} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.tryGuard("api"); !errors.Is(err, ErrClosed) {
			t.Errorf("registering: %v", err)
		}
	})
}

func TestRefusedRegularUseOfADestructiveMethodTaints(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		redis := w.guard("redis")
		w.prove(cache, redis)
		cache.fail(5)
		scope := NewScope(t.Context())
		err := call(scope, cache.drop.Begin(scope), cache.client, Keys("session", 1)) // its when= said no
		if !errors.Is(err, ErrUnhealthy) {
			t.Fatal(err)
		}
		wantDenied(t, redis.Drop(scope), ReasonScope)
		wantDenied(t, redis.Drop(NewScope(t.Context()), "session:1"), ReasonKey)
	})
}

func TestOutcomeIsAboutTheKeysThatWereAsked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		keys := Keys("topic", "a")
		attempt := g.drop.Ask(NewScope(t.Context()), keys...)
		_ = attempt.Settle(t.Context(), errDown, "topic:changed by the client")
		wantDenied(t, g.Drop(NewScope(t.Context()), "topic:a"), ReasonKey)
	})
}

func TestSecondInstanceHasAGateOfItsOwn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		optional := policy(func(p *Policy) { p.Optional = true })
		w.prove(w.guard("api"))
		eu := w.guard("redis", optional, func(s *Spec) { s.Dependency = "redis-eu" })
		us := w.guard("redis", optional, budget(Budget{1, time.Hour}), func(s *Spec) { s.Dependency = "redis-us" })
		w.prove(eu, us)
		if err := w.Isolate("redis-eu", "test"); err != nil {
			t.Fatal(err)
		}
		wantDenied(t, eu.Drop(NewScope(t.Context())), ReasonIsolated)
		wantAllowed(t, us.Drop(NewScope(t.Context())))
		wantDenied(t, us.Drop(NewScope(t.Context())), ReasonBudget)
	})
}

func TestShedReadMakesTheNextMomentUnquiet(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		if err := w.SetState("redis", Degraded, "slow"); err != nil {
			t.Fatal(err)
		}
		sleep(2 * time.Second)
		if err := g.List(t.Context()); !errors.Is(err, ErrUnhealthy) {
			t.Fatal(err)
		}
		wantDenied(t, g.Drop(t.Context()), ReasonQuiet)
	})
}

func TestEpisodeEndsUnderNoise(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		var wg sync.WaitGroup
		stop := make(chan struct{})
		noise := rand.New(rand.NewPCG(3, 3))
		wg.Go(func() { // 1,000 calls/s of 100 ms with 10 % errors: hardly one that sees none
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
				}
				failed := noise.IntN(10) == 0
				wg.Go(func() {
					attempt := g.get.Begin(t.Context())
					time.Sleep(100 * time.Millisecond)
					if failed {
						_ = attempt.Settle(t.Context(), errDown)
					} else if !attempt.Succeeded(nil) {
						_ = attempt.Settle(t.Context(), nil)
					}
				})
			}
		})
		if err := w.SetState("redis", Unhealthy, "blip"); err != nil {
			t.Fatal(err)
		}
		sleep(10 * time.Second)
		h, _ := w.Health("redis")
		if h.Recovering {
			t.Error("the episode does not end under noise")
		}
		close(stop)
		wg.Wait()
	})
}

func TestBurstOfAsksUnderNoiseIsAllowed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		allowed, asks := 0, 0
		for range 50 {
			for range 10 { // a reaper destroys ten in one turn, and calls fail between
				g.fail(1)
				asks++
				if g.Drop(NewScope(t.Context())) == nil {
					allowed++
				}
			}
			w.prove(g)
			sleep(time.Second)
		}
		if allowed < asks*99/100 {
			t.Errorf("%d of %d allowed", allowed, asks)
		}
	})
}

func TestProofThatAgesWhileAnotherIsProbedIsRenewed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		slow := policy(func(p *Policy) { p.ProbeInterval = time.Hour })
		a, b := w.guard("a", slow), w.guard("b", slow)
		b.probeWith(func(context.Context) error { time.Sleep(200 * time.Millisecond); return nil })
		w.prove(a)
		sleep(1900 * time.Millisecond)
		wantAllowed(t, a.Drop(NewScope(t.Context())))
	})
}

func TestUnreadableKeyDenies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		var request *struct{ Topic string }
		keys := Keys("topic", func() any { return request.Topic })
		wantDenied(t, g.Drop(NewScope(t.Context()), keys...), ReasonKey)
		wantDenied(t, g.Drop(UserConfirmed(NewScope(t.Context()), "ann"), keys...), ReasonKey)
	})
}

func TestOperationsByHandAreBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		allowed := 0
		for _, name := range Keys("purge", make([]int, 1)) {
			for i := range 3 * operationLimit {
				if w.AllowDestructive(NewScope(t.Context()), name+string(rune('a'+i))) == nil {
					allowed++
				}
			}
		}
		if len(w.operations) > operationLimit+1 {
			t.Errorf("%d operations remembered", len(w.operations))
		}
		if allowed > operationLimit+10 {
			t.Errorf("%d allowed: further names do not share a budget", allowed)
		}
	})
}

func TestRefusalUnproves(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		if err := w.SetState("redis", Degraded, "slow"); err != nil {
			t.Fatal(err)
		}
		w.prove(g)
		if err := g.List(NewScope(t.Context())); !errors.Is(err, ErrUnhealthy) {
			t.Fatal(err)
		}
		g.hangs()
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnproven)
		g.set(nil)
	})
}

func TestSuccessesBegunBeforeTheLastFailureDoNotEndAnEpisode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.probeWith(func(context.Context) error { return errDown })
		sleep(3 * time.Second) // two failed probes
		var slow []Attempt
		for range 5 {
			slow = append(slow, g.get.Begin(t.Context()))
		}
		_ = g.get.Begin(t.Context()).Settle(t.Context(), errDown)
		for _, attempt := range slow {
			_ = attempt.Settle(t.Context(), nil)
		}
		sleep(1100 * time.Millisecond)
		if h, _ := w.Health("redis"); !h.Recovering || h.Episode != 1 {
			t.Errorf("late successes ended the episode: %+v", h)
		}
	})
}

func TestObservedCallIsStillRefusedByItsBreakerAndSaysSo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, api := w.guard("redis"), w.guard("api")
		w.prove(redis, api)
		redis.fail(5)
		wantDenied(t, redis.Drop(NewScope(t.Context())), ReasonUnhealthy)
		wantAllowed(t, api.Drop(NewScope(t.Context()))) // only the gate minds redis
		for _, d := range w.Denials() {
			if d.Count != 2 || d.WouldDeny != 1 {
				t.Errorf("%+v, want one denied and one observed", d)
			}
		}
	}, WithMode(Observe))
}

func TestSetModeWithoutNamesIsForAll(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{1, time.Hour}))
		w.prove(g)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		if err := w.SetMode(Observe, "Drop"); err != nil {
			t.Fatal(err)
		}
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		if err := w.SetMode(Enforce); err != nil {
			t.Fatal(err)
		}
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonBudget)
		if observed := w.System().Observed; len(observed) != 0 {
			t.Errorf("still observed: %v", observed)
		}
	})
}

func TestSetModeOfAnUnknownOperationChangesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		for _, names := range [][]string{{"Dorp"}, {"Drop", "Dorp"}, {"Dorp", "Drop"}, {""}, {"redis/test.redis.Drop"}} {
			err := w.SetMode(Observe, names...)
			if !errors.Is(err, ErrUnknownOperation) || !strings.Contains(err.Error(), `known are ["Drop"]`) {
				t.Errorf("%q: %v", names, err)
			}
		}
		if s := w.System(); s.Mode != Enforce || len(s.Observed) != 0 || len(w.Events()) != 0 {
			t.Errorf("it changed: %+v, events %v", s, w.Events())
		}
	})
}

func TestDenialDoesNotNestAnother(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		redis := w.guard("redis")
		w.prove(cache, redis)
		cache.fail(5)
		_ = cache.Get(t.Context(), "topic:1")
		err := redis.Drop(NewScope(t.Context()), "topic:1")
		want := "System unhealthy; retry in 1m (Drop denied: a call to cache about topic:1 failed: cache unhealthy: connection refused)"
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
}

func TestOldTestimonyIsNone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		seldom := policy(func(p *Policy) { p.ProbeInterval = time.Hour })
		a, b := w.guard("a", seldom), w.guard("b", seldom)
		b.probeWith(func(context.Context) error { time.Sleep(900 * time.Millisecond); return nil })
		w.prove(a, b)
		a.dependency.unprove()
		b.dependency.unprove()
		done := make(chan error)
		go func() { done <- a.Drop(NewScope(t.Context())) }()
		time.Sleep(100 * time.Millisecond) // a has testified, b has not
		a.set(errDown)
		for range 2 {
			_ = a.Get(NewScope(t.Context()))
		}
		wantDenied(t, <-done, ReasonUnproven)
	})
}

func TestSlowProbeBesideAFastOneIsNoReasonToDeny(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		seldom := policy(func(p *Policy) { p.ProbeInterval = time.Hour })
		a, b := w.guard("a", seldom), w.guard("b", seldom)
		b.probeWith(func(context.Context) error { time.Sleep(900 * time.Millisecond); return nil })
		w.prove(a, b)
		for range 20 {
			a.fail(1)
			b.dependency.unprove()
			wantAllowed(t, a.Drop(NewScope(t.Context())))
			sleep(3 * time.Second)
		}
	})
}

func TestFailureAboutAnUnreadableKeyIsAboutItsWholeKind(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.set(errDown)
		_ = g.Get(t.Context(), Keys("session", nil)...)
		g.set(nil)
		wantDenied(t, g.Drop(NewScope(t.Context()), "session:42"), ReasonKey)
		wantAllowed(t, g.Drop(NewScope(t.Context()), "topic:42"))
		_ = g.Get(t.Context(), Keys("session", nil)...) // about whom?
		wantDenied(t, g.Drop(NewScope(t.Context()), "session:42"), ReasonKey)
	})
}

func TestIsolationDuringTheAuditHolds(t *testing.T) {
	var w *world
	audit := WithAudit(func(context.Context, AuditRecord) error { return w.Isolate("redis", "just now") })
	inWorld(t, func(t *testing.T, inner *world) {
		w = inner
		g := w.guard("redis")
		w.prove(g)
		ctx := BreakGlass(t.Context(), Override{Actor: "ann", Reason: "incident", Expires: time.Now().Add(time.Minute)})
		wantDenied(t, g.Drop(ctx), ReasonIsolated)
	}, audit)
}

func TestSuccessesThatAFailureFollowsDoNotEndAnEpisode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.probeWith(func(context.Context) error { return errDown })
		sleep(3 * time.Second)
		w.prove(g, g, g)
		_ = g.get.Begin(t.Context()).Settle(t.Context(), errDown)
		sleep(1100 * time.Millisecond)
		if h, _ := w.Health("redis"); !h.Recovering || h.Episode != 1 {
			t.Errorf("the episode ended: %+v", h)
		}
	})
}

// A user who hangs up on a request that hangs is how most of an outage looks. The handler that destroys at the error has lost
// its scope, and its key is another.
func TestCallerWhoWentAwayIsNoReasonToDestroy(t *testing.T) {
	for name, begin := range map[string]func(context.Context, context.CancelFunc){
		"while the call ran":    func(_ context.Context, hangUp context.CancelFunc) { time.AfterFunc(100*time.Millisecond, hangUp) },
		"before the call began": func(_ context.Context, hangUp context.CancelFunc) { hangUp() },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis")
				w.prove(g)
				ctx, hangUp := context.WithCancel(t.Context())
				defer hangUp()
				begin(ctx, hangUp)
				g.hangs()
				if err := g.Get(ctx, "session:1"); !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				g.set(nil)
				w.prove(g)
				wantDenied(t, g.Drop(context.Background(), "topic:1"), ReasonQuiet)
				wantDenied(t, g.Drop(NewScope(t.Context()), "session:1"), ReasonKey)
				wantAllowed(t, g.Drop(NewScope(t.Context()), "session:2"))
				if h, _ := w.Health("redis"); h.Failures != 0 || !h.LastFailure.IsZero() {
					t.Errorf("it counts as a failure: %+v", h)
				}
			})
		})
	}
}
