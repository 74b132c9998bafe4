package guard

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// identity is the generation of a dependency, as a test switches it.
type identity struct {
	name  atomic.Value
	err   atomic.Pointer[error]
	reads atomic.Int32
}

func (i *identity) read(context.Context) (string, error) {
	i.reads.Add(1)
	if err := i.err.Load(); err != nil {
		return "", *err
	}
	return i.name.Load().(string), nil
}

// recognised runs a test with a dependency that has a generation, proven.
func recognised(t *testing.T, test func(t *testing.T, w *world, g *guarded, who *identity)) {
	t.Helper()
	inWorld(t, func(t *testing.T, w *world) {
		g, who := w.guard("redis"), new(identity)
		who.name.Store("first")
		if _, err := w.Dependency("redis", Policy{}, WithGeneration(who.read)); err != nil {
			t.Fatal(err)
		}
		w.prove(g)
		sleep(10 * time.Second)
		test(t, w, g, who)
	})
}

func TestAnotherGenerationOpensAnEpisode(t *testing.T) {
	for _, next := range []string{"second", ""} {
		recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
			wantAllowed(t, g.Drop(NewScope(t.Context())))
			who.name.Store(next)
			sleep(3 * time.Second)
			h, _ := w.Health("redis")
			if h.Episode != 1 || !h.Recovering || h.State != Healthy {
				t.Errorf("%+v", h)
			}
			events := w.Events()
			if last := events[len(events)-1]; last.Kind != EventDenial && !strings.Contains(last.Reason, "somebody else") {
				t.Errorf("told: %+v", last)
			}
			wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
			sleep(5 * time.Second)
			wantDenied(t, g.Drop(NewScope(t.Context())), ReasonHold)
			sleep(time.Minute)
			wantAllowed(t, g.Drop(NewScope(t.Context()))) // it is known now
		})
	}
}

// A server that was replaced between the last background probe and the ask is seen by the ask itself.
func TestEachAskReadsTheGeneration(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
		w.prove(g)
		if d := w.Explain(NewScope(t.Context()), "Drop"); !d.Allowed {
			t.Errorf("explained: %+v", d)
		}
		who.name.Store("second")
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
	})
}

// Joining a probe that is in the air is not enough: it may have read the generation before the caller read its record.
func TestAskDoesNotJoinAProbeBegunBeforeIt(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
		sleep(probeSpacing)
		first := make(chan struct{})
		var probes atomic.Int32
		g.probeWith(func(context.Context) error {
			if probes.Add(1) == 1 {
				<-first
			}
			return nil
		})
		go func() { _ = w.Probe(t.Context(), "redis") }()
		synctest.Wait()
		allowed := make(chan error, 1)
		go func() { allowed <- g.Drop(NewScope(t.Context())) }()
		sleep(10 * time.Millisecond)
		close(first)
		wantAllowed(t, <-allowed)
		if n := probes.Load(); n != 2 {
			t.Errorf("%d probes, want one of the ask's own", n)
		}
	})
}

func TestAsksAtTheSameTimeShareTheReading(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
		before := who.reads.Load()
		allowed := make(chan error, 100)
		for range cap(allowed) {
			go func() { allowed <- g.Drop(NewScope(t.Context())) }()
		}
		for range cap(allowed) {
			wantAllowed(t, <-allowed)
		}
		if n := who.reads.Load() - before; n > 3 {
			t.Errorf("%d readings for %d asks", n, cap(allowed))
		}
	})
}

func TestGenerationIsReadWhateverTheTraffic(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
		before := who.reads.Load()
		for range 1000 {
			w.prove(g)
			sleep(20 * time.Millisecond)
		}
		if n := who.reads.Load() - before; n < 8 || n > 13 {
			t.Errorf("%d readings in 20 s of traffic, with a probe-interval of 2 s", n)
		}
	})
}

func TestGenerationThatCannotBeReadIsAFailedProbe(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
		who.err.Store(&errDown)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnproven)
		sleep(5 * time.Second)
		if h, _ := w.Health("redis"); h.Episode != 1 || !errors.Is(h.LastError, errDown) {
			t.Errorf("%+v", h)
		}
		who.err.Store(nil)
		sleep(2 * time.Minute)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestGenerationNeedsAProbe(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_, err := w.Dependency("mail", Policy{Optional: true}, WithGeneration(new(identity).read))
		if err == nil || !strings.Contains(err.Error(), "WithProbe") {
			t.Errorf("error %v", err)
		}
	})
}
