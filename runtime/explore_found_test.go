package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"
)

// What the explorer found, and what was found while the steps were written down for it, as stories of the runtime.

// pausing is a context in which something happens when a value of a key is looked up, once: between two steps of the guard.
type pausing struct {
	context.Context

	key    any
	happen func()
	once   *sync.Once
}

func pausingAt(ctx context.Context, key any, happen func()) context.Context {
	return pausing{ctx, key, happen, new(sync.Once)}
}

func (p pausing) Value(key any) any {
	if key == p.key {
		p.once.Do(p.happen)
	}
	return p.Context.Value(key)
}

// The word said that calls are refused before there was an error to refuse them with: the first call that was refused
// returned a nil pointer in an error, and whoever printed it panicked.
func TestRefusalHasAnErrorFromTheFirstMoment(t *testing.T) {
	r := NewHealthRegistry(WithLogger(slog.New(slog.DiscardHandler)), WithStartHold(0))
	defer r.Close()
	spec := Spec{Interface: "test.redis", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}, {Name: "List", Class: Heavy}}}
	wrapper, err := NewWrapper(r, spec, new(int), func(context.Context) error { return errDown })
	if err != nil {
		t.Fatal(err)
	}
	list, d := wrapper.Method("List"), r.dependencies["redis"]
	for round := range 2000 {
		_ = r.SetState("redis", Healthy, "test")
		d.refusal.Store(nil) // as before the first opening
		var opening sync.WaitGroup
		opening.Go(func() { _ = r.SetState("redis", Unhealthy, "test") })
		call := list.Begin(t.Context())
		for call.Admitted() {
			call = list.Begin(t.Context())
		}
		refusal, ok := errors.AsType[*DependencyUnhealthyError](call.Settle(t.Context(), nil))
		opening.Wait()
		if !ok || refusal == nil {
			t.Fatalf("round %d: refused with %v", round, fmt.Sprint(refusal))
		}
	}
}

// The process stood still between the gate's look and its last check; the ticker, awake first, opened the episodes and beat,
// so that the last check saw no gap, and the gate allowed by what it had seen before.
func TestStallAfterTheLookDeniesWhoeverWakesFirst(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		ctx := pausingAt(NewScope(t.Context()), overrideKey{}, func() {
			w.standstill.Store(true)
			sleep(40 * time.Second)
			w.standstill.Store(false)
			sleep(time.Second) // the ticker comes first
		})
		if err := g.Drop(ctx, "session:1"); !errors.Is(err, ErrDestructiveDenied) {
			t.Fatalf("destroyed after a stall of 40 s: %v", err)
		}
	})
}

// The process stood still between the ticker's look at the gap and its beat: the beat made it forgotten.
func TestStallBeforeTheBeatIsNotForgotten(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		w.standstill.Store(true)
		read, _ := w.checkStall() // as the ticker
		sleep(40 * time.Second)
		w.clock.beat(read) // as the ticker, right after
		w.standstill.Store(false)
		w.prove(g)
		if err := g.Drop(NewScope(t.Context()), "session:1"); !errors.Is(err, ErrDestructiveDenied) {
			t.Fatalf("destroyed after a stall of 40 s: %v", err)
		}
	})
}

// Calls and probes that began between a failure's epoch and the opening that it caused ended the episode: it is to end
// after three successes that began after it opened.
func TestEpisodeIsNotEndedByWhatBeganBeforeIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Threshold = Threshold{Failures: 1} }))
		w.prove(g)
		var late []Attempt
		ctx := pausingAt(t.Context(), scopeKey{}, func() { // the epoch is bumped, the failure not recorded
			for range episodeStreak {
				late = append(late, g.get.Begin(t.Context()))
			}
		})
		g.set(errDown)
		_ = g.Get(ctx)
		g.set(nil)
		w.wantState("redis", Unhealthy)
		for _, call := range late {
			_ = call.Settle(t.Context(), nil)
		}
		if w.State("redis") != Unhealthy {
			t.Fatal("late successes closed the breaker")
		}
		for w.State("redis") == Unhealthy {
			sleep(10 * time.Millisecond)
		}
		sleep(episodeTurn + 100*time.Millisecond) // two probes have succeeded since
		if h, _ := w.Health("redis"); !h.Recovering {
			t.Fatal("the episode ended after two successes that began after it opened")
		}
		sleep(2 * episodeTurn)
		if h, _ := w.Health("redis"); h.Recovering {
			t.Fatal("the episode did not end after three")
		}
	})
}

// A wrapper that is constructed again, which is to be cheap, made the program forget whom it knew: a dependency that had
// become somebody else since the last probe was taken for the one that it was.
func TestConstructingAgainDoesNotForgetWhoTheDependencyWas(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		who.name.Store("second")
		if _, err := w.Dependency("redis", Policy{}, WithGeneration(who.read)); err != nil {
			t.Fatal(err)
		}
		sleep(100 * time.Millisecond)
		if err := g.Drop(NewScope(t.Context())); !errors.Is(err, ErrDestructiveDenied) {
			t.Fatalf("somebody else answers, and it destroyed: %v", err)
		}
	})
}
