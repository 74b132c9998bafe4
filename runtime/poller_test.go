package guard

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// polled is a poller under way.
type polled struct {
	mu     sync.Mutex
	at     []time.Time
	scopes []context.Context

	stop context.CancelFunc
	done chan error
}

func (p *polled) turn(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = append(p.at, time.Now())
	p.scopes = append(p.scopes, ctx)
}

// turns returns when the turns were.
func (p *polled) turns() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.at)
}

// scope is the context of a turn.
func (p *polled) scope(turn int) context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.scopes[turn]
}

// poll runs a poller that has a turn every 10 s until the test ends it.
func (w *world) poll(names ...string) *polled {
	ctx, cancel := context.WithCancel(context.Background())
	p := &polled{stop: cancel, done: make(chan error, 1)}
	go func() { p.done <- NewPoller(w.HealthRegistry, pollEach, names...).Run(ctx, p.turn) }()
	synctest.Wait()
	return p
}

const pollEach = 10 * time.Second

// wantTurns checks that at least n turns followed on another one since then, each between least and most after it.
func (p *polled) wantTurns(t *testing.T, since time.Time, least, most time.Duration, n int) {
	t.Helper()
	seen, turns := 0, p.turns()
	for i := 1; i < len(turns); i++ {
		if turns[i-1].Before(since) {
			continue
		}
		seen++
		if gap := turns[i].Sub(turns[i-1]); gap < least || gap > most {
			t.Errorf("turn %d came after %s, want %s to %s", i, gap, least, most)
		}
	}
	if seen < n {
		t.Errorf("%d gaps between turns, want at least %d", seen, n)
	}
}

func (p *polled) end(t *testing.T) {
	t.Helper()
	p.stop()
	if err := <-p.done; !errors.Is(err, context.Canceled) {
		t.Errorf("the poller ended with %v", err)
	}
}

func TestPollerHasATurnEachInterval(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		start := time.Now()
		p := w.poll()
		if turns := p.turns(); len(turns) != 1 || !turns[0].Equal(start) {
			t.Fatal("the first turn did not come at once")
		}
		sleep(10 * time.Minute)
		p.wantTurns(t, start, pollEach*4/5, pollEach*6/5, 50)
		gaps := make(map[time.Duration]bool)
		turns := p.turns()
		for i := 1; i < len(turns); i++ {
			gaps[turns[i].Sub(turns[i-1])] = true
		}
		if len(gaps) < 40 {
			t.Errorf("%d different gaps: it polls in step with others", len(gaps))
		}
		p.end(t)
	})
}

func TestPollerRunsWhileNothingIsKnown(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("cache", withoutProbe)
		start := time.Now()
		p := w.poll()
		sleep(time.Minute)
		w.wantState("cache", Unknown)
		p.wantTurns(t, start, pollEach*4/5, pollEach*6/5, 4)
		p.end(t)
	})
}

func TestPollerIsFourTimesSlowerWhenDegraded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		_ = w.SetState("redis", Degraded, "test")
		start := time.Now()
		p := w.poll()
		for range 500 { // degraded for good
			sleep(time.Second)
			_ = w.SetState("redis", Degraded, "test")
		}
		w.wantState("redis", Degraded)
		p.wantTurns(t, start, 4*pollEach*4/5, 4*pollEach*6/5, 9)
		p.end(t)
	})
}

func TestUnknownDependencyDoesNotHideADegradedOne(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("cache", withoutProbe)
		w.prove(w.guard("redis"))
		start := time.Now()
		_ = w.SetState("redis", Degraded, "test")
		p := w.poll()
		for range 100 {
			sleep(time.Second)
			_ = w.SetState("redis", Degraded, "test")
		}
		w.wantState("cache", Unknown)
		p.wantTurns(t, start, 4*pollEach*4/5, 4*pollEach*6/5, 2)
		p.end(t)
	})
}

func TestPollerIsFasterAgainWhenDegradationEnds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		_ = w.SetState("redis", Degraded, "test")
		start := time.Now()
		p := w.poll()
		sleep(time.Minute)
		w.wantState("redis", Healthy)
		p.wantTurns(t, start, pollEach*4/5, pollEach*6/5, 4)
		p.end(t)
	})
}

func TestPollerRestsWhileUnhealthyAndWakesOnRecovery(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		p := w.poll()
		sleep(time.Minute)
		g.fail(5)
		g.set(errDown)
		before := len(p.turns())
		sleep(10 * time.Minute)
		if len(p.turns()) != before {
			t.Fatalf("%d turns in an outage", len(p.turns())-before)
		}
		g.set(nil)
		w.untilTrial("redis")
		sleep(time.Millisecond)
		w.wantState("redis", Healthy)
		turns := p.turns()
		if len(turns) != before+1 || time.Since(turns[before]) > time.Millisecond {
			t.Fatalf("%d turns at the moment of recovery, want 1", len(turns)-before)
		}
		start := time.Now()
		sleep(time.Minute)
		p.wantTurns(t, start, pollEach*4/5, pollEach*6/5, 4)
		p.end(t)
	})
}

func TestPollerThatStartsInAnOutageHasNoTurn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		_ = w.Isolate("redis", "maintenance")
		p := w.poll("redis")
		sleep(10 * time.Minute)
		if len(p.turns()) != 0 {
			t.Errorf("%d turns", len(p.turns()))
		}
		p.end(t)
	})
}

func TestPollerOnlyMindsWhatIsNamed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"), w.guard("api"))
		_ = w.Isolate("api", "maintenance")
		start := time.Now()
		named, all := w.poll("redis"), w.poll()
		sleep(time.Minute)
		named.wantTurns(t, start, pollEach*4/5, pollEach*6/5, 4)
		if len(all.turns()) != 0 {
			t.Errorf("%d turns of a poller of all", len(all.turns()))
		}
		named.end(t)
		all.end(t)
	})
}

func TestEachTurnOfAPollerHasAScopeOfItsOwn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		p := w.poll()
		g.set(errDown)
		_ = g.Get(p.scope(0))
		g.set(nil)
		sleep(12 * time.Second)
		w.prove(g)
		if turns := p.turns(); len(turns) != 2 {
			t.Fatalf("%d turns", len(turns))
		}
		wantDenied(t, g.Drop(p.scope(0)), ReasonScope)
		wantAllowed(t, g.Drop(p.scope(1)))
		p.end(t)
	})
}

func TestPollerEndsWithTheRegistry(t *testing.T) {
	for _, state := range []DependencyState{Healthy, Degraded, Unhealthy} {
		t.Run(state.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.prove(w.guard("redis"))
				_ = w.SetState("redis", state, "test")
				p := w.poll()
				sleep(time.Millisecond)
				w.Close()
				if err := <-p.done; !errors.Is(err, ErrClosed) {
					t.Errorf("the poller ended with %v", err)
				}
				p.stop()
			})
		})
	}
}

func TestPollerEndsWithItsContext(t *testing.T) {
	for _, state := range []DependencyState{Healthy, Degraded, Unhealthy} {
		t.Run(state.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.prove(w.guard("redis"))
				_ = w.SetState("redis", state, "test")
				p := w.poll()
				sleep(time.Millisecond)
				turns, start := len(p.turns()), time.Now()
				p.end(t)
				if len(p.turns()) != turns || !time.Now().Equal(start) {
					t.Errorf("it took %s and %d turns to end", time.Since(start), len(p.turns())-turns)
				}
			})
		})
	}
}

func TestPollerOfAnUnknownNameEndsAtOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		p := w.poll("redis", "reddis")
		defer p.stop()
		if err := <-p.done; !errors.Is(err, ErrUnknownDependency) || len(p.turns()) != 0 {
			t.Errorf("it ended with %v after %d turns", err, len(p.turns()))
		}
	})
}

func TestPollerWithoutAnIntervalPanics(t *testing.T) {
	for _, interval := range []time.Duration{0, -time.Second} {
		wantPanic(t, "interval must be positive", func() { NewPoller(nil, interval) })
	}
}
