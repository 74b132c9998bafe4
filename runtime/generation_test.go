package guard

import (
	"context"
	"errors"
	"log/slog"
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
			if last := events[len(events)-1]; last.Kind != EventDenial && !strings.Contains(last.Reason, "restarted, emptied or replaced") {
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

// What one has told is not asked again because the other takes its time.
func TestTwoGenerationsOfDifferentSpeedOpenTheGate(t *testing.T) {
	for _, slow := range []time.Duration{10 * time.Millisecond, 60 * time.Millisecond, 200 * time.Millisecond} {
		inWorld(t, func(t *testing.T, w *world) {
			redis, api := w.guard("redis"), w.guard("api")
			for name, takes := range map[string]time.Duration{"redis": time.Millisecond, "api": slow} {
				read := func(context.Context) (string, error) {
					time.Sleep(takes)
					return "first", nil
				}
				if _, err := w.Dependency(name, Policy{}, WithGeneration(read)); err != nil {
					t.Fatal(err)
				}
			}
			w.prove(redis, api)
			for range 20 {
				sleep(time.Second)
				if err := redis.Drop(NewScope(t.Context())); err != nil {
					t.Fatalf("one takes 1ms, the other %s: %v", slow, err)
				}
			}
		})
	}
}

// While the lost probe of one is repeated, what the other has told still counts.
func TestLostProbeOfOneGenerationOfTwoIsRepeated(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, api := w.guard("redis"), w.guard("api")
		var lose atomic.Bool
		api.probeWith(func(context.Context) error {
			if lose.CompareAndSwap(true, false) {
				return errDown
			}
			return nil
		})
		who := new(identity)
		who.name.Store("first")
		for _, name := range []string{"redis", "api"} {
			if _, err := w.Dependency(name, Policy{}, WithGeneration(who.read)); err != nil {
				t.Fatal(err)
			}
		}
		w.prove(redis, api)
		sleep(time.Second)
		lose.Store(true)
		wantAllowed(t, redis.Drop(NewScope(t.Context())))
		if lose.Load() {
			t.Error("no probe was lost")
		}
	})
}

// The server's refusal is an answer, and health, to a call; but nobody has read who it is.
func TestGenerationThatWasRefusedIsNotKnown(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		refused := errors.New("NOPERM this user has no permissions")
		g := w.guard("redis", policy(func(p *Policy) {
			p.Classify = func(ctx context.Context, err error) Outcome {
				if errors.Is(err, refused) {
					return OutcomeSuccess
				}
				return Classify(ctx, err)
			}
		}))
		who := new(identity)
		who.err.Store(&refused)
		if _, err := w.Dependency("redis", Policy{}, WithGeneration(who.read)); err != nil {
			t.Fatal(err)
		}
		w.prove(g)
		denied := wantDenied(t, g.Drop(NewScope(t.Context())), ReasonUnproven)
		if !errors.Is(denied.Cause, refused) {
			t.Errorf("denied because of %v", denied.Cause)
		}
		sleep(10 * time.Second)
		if h, _ := w.Health("redis"); !h.Recovering || !errors.Is(h.LastError, refused) {
			t.Errorf("%+v", h)
		}
	})
}

// An outage that ends with another server has two things to tell.
func TestAnotherGenerationWithinAnOutageIsTold(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		g, who := w.guard("redis"), new(identity)
		who.name.Store("first")
		if _, err := w.Dependency("redis", Policy{}, WithGeneration(who.read)); err != nil {
			t.Fatal(err)
		}
		sleep(10 * time.Second)
		g.fail(5)
		w.wantState("redis", Unhealthy)
		who.name.Store("second")
		sleep(time.Minute)
		told := 0
		for _, e := range w.Events() {
			if e.Kind == EventGeneration {
				told++
				if e.Dependency != "redis" || e.Episode != 1 || e.Err == nil || !strings.Contains(e.Err.Error(), `"second"`) {
					t.Errorf("told: %+v", e)
				}
			}
		}
		lines := log.about("dependency was restarted, emptied or replaced")
		if told != 1 || len(lines) != 1 || lines[0].level != slog.LevelWarn {
			t.Errorf("%d events and the lines %+v, want one of each", told, lines)
		}
	}, WithLogger(slog.New(log)))
}

// Calls that went well do not tell when it became another: the last reading does.
func TestEpisodeOfAnotherGenerationBeginsAtTheLastReading(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g, who := w.guard("redis", policy(func(p *Policy) { p.ProbeInterval = 30 * time.Second })), new(identity)
		who.name.Store("first")
		if _, err := w.Dependency("redis", Policy{}, WithGeneration(who.read)); err != nil {
			t.Fatal(err)
		}
		if err := w.Probe(t.Context(), "redis"); err != nil {
			t.Fatal(err)
		}
		read := time.Now()
		who.name.Store("second")
		for h, _ := w.Health("redis"); ; h, _ = w.Health("redis") {
			if h.Recovering {
				if late := h.EpisodeFrom.Sub(read); late > 0 || late < -time.Second {
					t.Errorf("it begins %s after the last reading", late)
				}
				return
			}
			if time.Since(read) > time.Minute {
				t.Fatal("nobody noticed")
			}
			w.prove(g)
			sleep(100 * time.Millisecond)
		}
	})
}
