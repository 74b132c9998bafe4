//go:build integration

package acceptance

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	guard "github.com/guardgen/guardgen/runtime"
)

const (
	callers = 50 // hammer at a breaker
	trials  = 4  // that fail before one succeeds
)

func TestCriterion3HalfOpenAdmitsASingleProbeAndClosesOnSuccess(t *testing.T) {
	t.Parallel()
	for _, d := range dependencies {
		t.Run("while the probe is in the air/"+string(d), func(t *testing.T) {
			t.Parallel()
			nothingPassesBesideTheProbe(t, d)
		})
		t.Run("at every trial/"+string(d), func(t *testing.T) {
			t.Parallel()
			oneProbeForEachTrial(t, d)
		})
	}
}

// nothingPassesBesideTheProbe keeps the probe of a trial waiting while everybody calls.
func nothingPassesBesideTheProbe(t *testing.T, d dependency) {
	s := newStage(t, rig.Config{Guarded: true, Timeout: patience, Change: func(p *guard.Policy) {
		p.ProbeTimeout = patience
		p.ProbeInterval = time.Hour
		p.Backoff = guard.Backoff{Min: time.Hour, Max: time.Hour} // the trial comes when it is asked for
	}})
	about := s.open(t, "news")
	setRefusing(t, s, d, true)
	s.askUntilRefused(t, d, about)
	setRefusing(t, s, d, false)
	sent := s.arrived(d)
	must(t, frozen.begin(s, d))

	var asking sync.WaitGroup
	defer asking.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for range callers { // all of them for the same trial
		asking.Go(func() {
			if err := s.Registry.Probe(ctx, string(d)); err != nil {
				t.Errorf("the trial: %v", err)
			}
		})
	}
	s.story.until(t, d, breaker("half-open"))
	var hammering sync.WaitGroup
	for range callers {
		hammering.Go(func() {
			for range 20 {
				for what, err := range map[string]error{
					"regular":     s.ask(t.Context(), d, about),
					"heavy":       s.askHeavy(t.Context(), d, about),
					"destructive": terminate(guard.NewScope(t.Context()), s, about),
				} {
					if !errors.Is(err, guard.ErrUnhealthy) {
						t.Errorf("a %s call in half-open: error %v, want a refusal", what, err)
					}
				}
			}
		})
	}
	hammering.Wait()
	if n := s.arrived(d) - sent; n != 1 {
		t.Errorf("%d calls passed the wrapper in half-open, want the probe alone", n)
	}
	must(t, frozen.end(s, d))
	s.story.until(t, d, closes)
	asking.Wait()
	must(t, s.ask(t.Context(), d, about))
}

// oneProbeForEachTrial counts what the server sees while everybody calls, from the opening of the breaker until the calls
// succeed again.
func oneProbeForEachTrial(t *testing.T, d dependency) {
	s := newStage(t, rig.Config{Guarded: true, Change: func(p *guard.Policy) {
		p.ProbeInterval = time.Hour
		p.Backoff = guard.Backoff{Min: 200 * time.Millisecond, Max: 10 * time.Second}
	}})
	about := s.open(t, "news")
	setRefusing(t, s, d, true)
	calls, probes := s.seen(t, d)
	s.askUntilRefused(t, d, about)
	opened := s.story.until(t, d, breaker("open"))

	var hammering sync.WaitGroup
	defer hammering.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for range callers {
		hammering.Go(func() {
			ticker := time.NewTicker(pace)
			defer ticker.Stop()
			for err := s.ask(ctx, d, about); err != nil && ctx.Err() == nil; err = s.ask(ctx, d, about) {
				if !errors.Is(err, guard.ErrUnhealthy) {
					t.Errorf("behind an open breaker: error %v, want a refusal", err)
				}
				<-ticker.C
			}
		})
	}
	for range trials {
		s.story.until(t, d, breaker("half-open"))
		s.story.until(t, d, breaker("open"))
	}
	begun, callsNow, probesNow := s.seenBetweenTrials(t, d, opened)
	if n := callsNow - calls; n != 5 {
		t.Errorf("the server saw %d calls, want the 5 that opened the breaker", n)
	}
	if n := probesNow - probes; n != begun {
		t.Errorf("the server saw %d probes in %d trials", n, begun)
	}
	setRefusing(t, s, d, false)
	s.story.until(t, d, closes)
	hammering.Wait() // until they have succeeded
}

// seen returns how many regular calls about a session or topic, and how many probes, the dependency has seen: for Redis what
// the server says, for the API what passed the wrapper.
func (s *stage) seen(t testing.TB, d dependency) (calls, probes int) {
	t.Helper()
	if d == ofAPI {
		all := s.ArrivedAPI.Calls()
		return all["Get"], all["Ping"]
	}
	return s.redis.seen(t, "xadd"), s.redis.seen(t, "ping")
}

// seenBetweenTrials is seen at a moment when no trial is under way, and how many have been since the breaker opened.
func (s *stage) seenBetweenTrials(t testing.TB, d dependency, opened guard.Event) (begun, calls, probes int) {
	t.Helper()
	for {
		begun = s.trialsSince(d, opened)
		health, _ := s.Registry.Health(string(d))
		calls, probes = s.seen(t, d)
		if health.Breaker == "open" && s.trialsSince(d, opened) == begun {
			return begun, calls, probes
		}
		must(t, t.Context().Err())
	}
}

// trialsSince counts the trials that began after an event.
func (s *stage) trialsSince(d dependency, from guard.Event) (n int) {
	for _, e := range s.Registry.Events() {
		if e.Seq > from.Seq && e.Dependency == string(d) && breaker("half-open")(e) {
			n++
		}
	}
	return n
}
