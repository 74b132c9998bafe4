package guard

import (
	"testing"
	"time"
)

// failAbout makes a call about keys fail, and heals the client.
func (g *guarded) failAbout(t *testing.T, keys ...string) {
	t.Helper()
	g.set(errDown)
	if err := g.Get(t.Context(), keys...); err == nil {
		t.Fatal("it did not fail")
	}
	g.set(nil)
	if err := g.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// The taint of a key ends with hold. What is remembered longer, for Silence, takes no room of it: a gate that has none for
// another failure denies everything.
func TestLongTTLDoesNotFillTheTaint(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		now := w.clock.now()
		for i := range suspectsLimit {
			w.suspects.add(g.get, Keys("message", i), epochOf(g.dependency.word.Load()), now, now.add(time.Minute), errDown)
		}
		sleep(2 * time.Minute) // hold is one
		g.failAbout(w.t, "message:another")
		sleep(2 * time.Second)
		wantAllowed(w.t, g.Drop(NewScope(w.t.Context()), "session:1"))
		w.wantSilence("session:1", 20*time.Minute, 20*time.Minute)
		if size, overflows := w.suspects.counts(); size != 1 || overflows != 0 {
			w.t.Errorf("%d suspects, and %d that found no room", size, overflows)
		}
	}, WithTTL(24*time.Hour))
}

// While a key is suspect, the calls of its method take the long way, which may clean it.
func TestFailedKeyTakesTheShortWayAwayOnlyForHold(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		g.failAbout(w.t, "session:1")
		if a := g.get.Begin(w.t.Context()); a.detail == nil {
			w.t.Error("no call could clean the key")
		}
		sleep(time.Minute + 2*time.Second)
		if a := g.get.Begin(w.t.Context()); a.detail != nil {
			w.t.Error("hold is over, and each call still takes the long way")
		}
	}, WithTTL(24*time.Hour))
}
