package guard

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// standStill lets virtual time pass in which nothing of the registry beats, as if the process were stopped.
func (w *world) standStill(d time.Duration) {
	w.standstill.Store(true)
	sleep(d)
}

// goOn lets the beat go on.
func (w *world) goOn() { w.standstill.Store(false) }

// beat waits for the next beat.
func (w *world) nextBeat() { sleep(2 * tickLength) }

func TestStallShutsTheGateBeforeTheTickerSeesIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		w.standStill(3 * time.Second)
		w.prove(g) // the first call after it goes well
		if d := w.Explain(NewScope(t.Context()), "Drop"); d.Reason != ReasonStalled {
			t.Errorf("explained: %+v", d)
		}
		denied := wantDenied(t, g.Drop(NewScope(t.Context())), ReasonStalled)
		if wait := denied.RetryAfter(); wait < time.Minute || wait > time.Minute+5*time.Second {
			t.Errorf("retry after %s, want some seconds more than hold", wait)
		}
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
		wantDenied(t, g.Drop(UserConfirmed(NewScope(t.Context()), "ann")), ReasonRecovering)
	})
}

func TestStallIsSeenByTheTicker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, other := w.guard("redis"), w.guard("api")
		w.prove(g, other)
		w.standStill(3 * time.Second)
		w.goOn()
		w.nextBeat()
		w.prove(g, other)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
		sleep(5 * time.Second)
		wantDenied(t, other.Drop(NewScope(t.Context())), ReasonHold)
		sleep(time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context())))

		stalls := 0
		for _, e := range w.Events() {
			if e.Kind == EventStall {
				stalls++
				if e.Stall < 3*time.Second || e.Stall > 3*time.Second+3*tickLength {
					t.Errorf("a stall of %s", e.Stall)
				}
			}
		}
		if stalls != 1 {
			t.Errorf("%d stalls were told", stalls)
		}
	})
}

func TestGapUpToTheLimitIsNoStall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		sleep(time.Second)
		w.standStill(stallLimit - 2*tickLength)
		w.prove(g)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		w.goOn()
		w.nextBeat()
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestSuspendIsAStallAndAClockSetBackIsNot(t *testing.T) {
	for shift, want := range map[time.Duration]Reason{
		3 * time.Second: ReasonStalled, time.Hour: ReasonStalled,
		time.Second: "", -time.Second: "", -time.Hour: "",
	} {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis")
			w.prove(g)
			w.clock.wallShift.Store(int64(shift))
			if d := w.Explain(NewScope(t.Context()), "Drop"); d.Reason != want {
				t.Errorf("the wall clock moved by %s: %q", shift, d.Reason)
			}
			w.nextBeat()
			if h, _ := w.Health("redis"); h.Recovering != (want != "") {
				t.Errorf("the wall clock moved by %s: recovering %v after a beat", shift, h.Recovering)
			}
		})
	}
}

// A call and a probe that began before the stall prove nothing after it.
func TestSuccessesBegunBeforeAStallDoNotEndItsEpisode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		var begun []Attempt
		for range episodeStreak {
			begun = append(begun, g.get.Begin(t.Context()))
		}
		answer := make(chan struct{})
		g.probeWith(func(ctx context.Context) error {
			select {
			case <-answer:
			case <-ctx.Done():
			}
			return nil
		})
		if _, _, err := g.dependency.probeNow(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		w.clock.wallShift.Store(int64(time.Hour))
		w.nextBeat()
		for _, a := range begun {
			_ = a.Settle(t.Context(), nil)
		}
		close(answer)
		synctest.Wait()
		g.dependency.mu.Lock()
		defer g.dependency.mu.Unlock()
		if g.dependency.callStreak != 0 || g.dependency.probeStreak != 0 || g.dependency.recovered {
			t.Errorf("%d calls and %d probes from before the stall count", g.dependency.callStreak, g.dependency.probeStreak)
		}
	})
}

func TestStallWhileTheGateDecidesDenies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.probeWith(func(context.Context) error { // what the gate waits for
			w.clock.wallShift.Store(int64(time.Hour))
			return nil
		})
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonStalled)
	})
}

func TestStallIsMindedOnceByMany(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		w.standStill(time.Hour)
		denied := make(chan error, 100)
		for range cap(denied) {
			go func() { denied <- g.Drop(NewScope(t.Context())) }()
		}
		for range cap(denied) {
			if err := <-denied; !errors.Is(err, ErrDestructiveDenied) {
				t.Fatalf("after a stall: %v", err)
			}
		}
		if h, _ := w.Health("redis"); h.Episode != 1 {
			t.Errorf("%d episodes", h.Episode)
		}
	})
}
