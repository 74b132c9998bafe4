package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A period below 10 ns passes validation, and the first failure panics in the engine (its window has 10 slices).
func TestTinyPeriodIsRefused(t *testing.T) {
	for _, th := range []Threshold{{Failures: 5, Period: 9}, {Percent: 50, MinCalls: 5, Period: 9}} {
		t.Run(fmt.Sprint(th), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("panic: %v", p)
					}
				}()
				if g, err := w.tryGuard("redis", policy(func(p *Policy) { p.Threshold = th })); err == nil {
					g.fail(1)
				}
			})
		})
	}
}

// jittered overflows above 5/6 of the longest duration: "never probe" probes at once.
func TestJitterDoesNotOverflow(t *testing.T) {
	for range 100 {
		if d := jittered(math.MaxInt64, rand.Float64); d <= 0 {
			t.Fatalf("jittered(MaxInt64) = %d", d)
		}
	}
}

// A key that could not be read is denied "for ever", and that is said to people.
func TestUnreadableKeySaysASensibleRetry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		denied := wantDenied(t, g.Drop(NewScope(t.Context()), Keys("session", nil)...), ReasonKey)
		if denied.RetryAfter() > time.Hour {
			t.Errorf("%v", denied)
		}
	})
}

// A problem with a very long retry_after (another process's, or the one above) overflows to 1 s.
func TestProblemWithALongRetryAfterDoesNotOverflow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var p Problem
		_ = json.Unmarshal([]byte(`{"type":"`+problemUnhealthy+`","retry_after":10123184881}`), &p)
		e, ok := p.Err().(*DependencyUnhealthyError)
		if !ok || e.RetryAfter() < time.Hour {
			t.Errorf("%v", p.Err())
		}
	})
}

// A hold for ever, added to something, overflows to a retry at once.
func TestHoldForEverSaysALongRetry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Hold = math.MaxInt64 }))
		w.prove(g)
		_ = w.Isolate("redis", "test")
		_ = w.Restore("redis")
		sleep(10 * time.Millisecond)
		if denied := wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering); denied.RetryAfter() < time.Hour {
			t.Errorf("%v", denied)
		}
	})
}

// A probe-interval that means "never", and a fifth more, overflows to one that passes any TTL.
func TestProbeIntervalForEverIsNotInTime(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		if _, err := w.tryGuard("redis", policy(func(p *Policy) { p.ProbeInterval = math.MaxInt64 })); err == nil {
			t.Error("it is accepted for a TTL of a minute")
		}
	}, WithTTL(time.Minute))
}
