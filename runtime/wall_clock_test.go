package guard

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// TestClockSetBackChangesNothing sets the wall clock back by an hour, again and again, at each stage of an outage, and
// checks that the gate says the same as beside a clock that is left alone.
func TestClockSetBackChangesNothing(t *testing.T) {
	story := func(t *testing.T, back time.Duration) (said []string) {
		inWorld(t, func(t *testing.T, w *world) {
			w.repeatable(1)
			g := w.guard("redis", budget(Budget{1, 10 * time.Minute}))
			confirmed := UserConfirmed(t.Context(), "ann", "topic:2")
			ask := func() {
				w.clock.wallShift.Add(-int64(back))
				for _, ctx := range []context.Context{t.Context(), confirmed} {
					err := g.drop.Ask(NewScope(ctx), "topic:2").Settle(ctx, nil)
					if err == nil {
						said = append(said, "allowed")
						continue
					}
					said = append(said, err.Error())
				}
				w.nextBeat()
			}
			ask()
			w.prove(g)
			ask()
			g.fail(5)
			ask()
			sleep(2 * time.Second)
			ask()
			sleep(5 * time.Second)
			ask()
			sleep(time.Minute)
			ask()
			ask()
			sleep(11 * time.Minute)
			ask()
			for _, e := range w.Events() {
				if e.Kind == EventStall {
					t.Errorf("a clock set back is told as a stall of %s", e.Stall)
				}
			}
		})
		return said
	}
	alone, moved := story(t, 0), story(t, time.Hour)
	for i := range alone {
		if alone[i] != moved[i] {
			t.Errorf("ask %d: %q, and %q with a clock that is set back", i, alone[i], moved[i])
		}
	}
}

// TestWallClockThatJumpsAboutDoesNoHarm moves the wall clock by up to an hour in both directions, many times.
func TestWallClockThatJumpsAboutDoesNoHarm(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		noise := rand.New(rand.NewPCG(5, 5))
		stalls, told := 0, 0
		w.Subscribe(func(e Event) {
			if e.Kind == EventStall {
				told++
			}
		})
		for range 300 {
			shift := time.Duration(noise.Int64N(int64(2*time.Hour))) - time.Hour
			w.clock.wallShift.Add(int64(shift))
			if shift > stallLimit {
				stalls++
				if d := w.Explain(NewScope(t.Context()), "Drop"); d.Reason != ReasonStalled || d.RetryAfter > 2*time.Minute {
					t.Fatalf("moved by %s: %+v", shift, d)
				}
			}
			sleep(time.Duration(noise.IntN(3000)) * time.Millisecond)
			err := g.drop.Ask(NewScope(t.Context())).Settle(t.Context(), nil)
			if denied, ok := err.(*DestructiveDeniedError); ok && (denied.RetryAfter() > 2*time.Minute || denied.RetryAfter() < time.Second) {
				t.Fatalf("moved by %s: %v", shift, err)
			}
			for _, ago := range []time.Duration{-time.Hour, 0, time.Second, time.Hour} {
				if got := w.Silence("session:1", w.clock.read().wall.Add(-ago)); got < 0 || got > max(0, ago) {
					t.Fatalf("moved by %s: silence of %s, seen %s ago", shift, got, ago)
				}
			}
			w.nextBeat()
		}
		if told != stalls {
			t.Errorf("%d stalls were told, of %d", told, stalls)
		}
		sleep(2 * time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

// A suspended machine stops the monotonic clock: a person's word must not outlive it.
func TestConfirmationAndOverrideEndWhileTheMachineIsSuspended(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		confirmed := UserConfirmed(t.Context(), "ann", "topic:1")
		glass := BreakGlass(t.Context(), Override{Actor: "ann", Reason: "incident", Expires: time.Now().Add(time.Minute), Uses: 10})
		w.clock.wallShift.Store(int64(time.Hour))
		wantDenied(t, g.Drop(glass), ReasonOverride)
		wantDenied(t, g.Drop(NewScope(confirmed), "topic:1"), ReasonRecovering)
		sleep(5 * time.Second) // the episode is over, and hold is not
		wantDenied(t, g.Drop(NewScope(confirmed), "topic:1"), ReasonHold)
	}, WithAudit(recordNothing))
}

func TestConfirmationAndOverrideEndWhereTheClockIsSetBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{1, time.Hour}))
		w.prove(g)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		confirmed := UserConfirmed(t.Context(), "ann", "topic:1")
		glass := BreakGlass(t.Context(), Override{Actor: "ann", Reason: "incident", Expires: time.Now().Add(time.Minute), Uses: 10})
		w.clock.wallShift.Store(-int64(10 * time.Minute))
		wantAllowed(t, g.Drop(NewScope(confirmed), "topic:1"))
		wantAllowed(t, g.Drop(glass))
		sleep(time.Minute + time.Millisecond)
		wantDenied(t, g.Drop(NewScope(confirmed), "topic:1"), ReasonBudget)
		wantDenied(t, g.Drop(glass), ReasonOverride)
	}, WithAudit(recordNothing))
}

// What was written down before a suspend lies further back by the wall clock than anybody listened.
func TestSilenceDoesNotCountAnOutageBeforeASuspend(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		seen := w.clock.read().wall
		sleep(time.Minute)
		_ = w.Isolate("redis", "an outage")
		sleep(30 * time.Minute)
		_ = w.Restore("redis")
		sleep(5 * time.Minute)
		before := w.Silence("session:1", seen)
		w.clock.wallShift.Add(int64(time.Hour))
		if after := w.Silence("session:1", seen); after > before || after < before-3*time.Second {
			w.t.Errorf("silence of %s before a suspend, and of %s after it", before, after)
		}
	})
}
