package guard

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// What happens while the gate decides, and between two beats.

func TestDependencyRegisteredWhileTheGateDecidesDenies(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.probeWith(func(context.Context) error { // what the gate waits for
			time.Sleep(500 * time.Millisecond)
			return nil
		})
		denied := make(chan error)
		go func() { denied <- g.Drop(NewScope(t.Context())) }()
		sleep(100 * time.Millisecond)
		api := w.guard("api")
		wantDenied(t, <-denied, ReasonUnproven)
		w.prove(api)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

// The coarse clock may be late by as much as a stall begins with; a refusal in that time is still of just now.
func TestRefusalIsStampedExactlyAlthoughTheBeatIsLate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		if err := w.SetState("redis", Degraded, "pool"); err != nil {
			t.Fatal(err)
		}
		sleep(1100 * time.Millisecond) // quiet is a second
		w.standStill(1500 * time.Millisecond)
		if err := g.List(t.Context()); err == nil {
			t.Fatal("not refused")
		}
		wantDenied(t, g.Drop(t.Context()), ReasonQuiet)
	})
}

// Whoever sees in the word that calls are refused finds the error to refuse them with.
func TestFirstRefusalHasAnError(t *testing.T) {
	for name, open := range map[string]func(*world) error{
		"opened":   func(w *world) error { return w.SetState("redis", Unhealthy, "test") },
		"isolated": func(w *world) error { return w.Isolate("redis", "test") },
	} {
		inWorld(t, func(t *testing.T, w *world) {
			d := w.guard("redis").dependency
			opened := make(chan error)
			w.hearing.mu.Lock() // opening stops in the middle, before the word says anything
			go func() { opened <- open(w) }()
			for d.illness.Load() == nil {
				runtime.Gosched()
			}
			if d.word.Load()&refusing == 0 && d.refusal.Load() == nil {
				t.Errorf("%s: the word is next, and there is no error", name)
			}
			w.hearing.mu.Unlock()
			if err := <-opened; err != nil {
				t.Fatal(err)
			}
		})
	}
}
