package guard

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// askingError is a failure that says when to come again.
type askingError time.Duration

func (e askingError) Error() string             { return "too many requests" }
func (e askingError) RetryAfter() time.Duration { return time.Duration(e) }

// brokenError panics when it is asked.
type brokenError struct{}

func (brokenError) Error() string             { return "broken" }
func (brokenError) RetryAfter() time.Duration { panic("broken") }

func TestBreakerTriesNoEarlierThanItWasAskedTo(t *testing.T) {
	half := Backoff{Min: time.Second, Max: time.Minute}
	for _, row := range []struct {
		name        string
		failures    []error // five open the breaker
		least, most time.Duration
	}{
		{"nothing was asked", []error{errDown, errDown, errDown, errDown, errDown}, half.Min / 2, half.Min},
		{"by the last failure", []error{errDown, errDown, errDown, errDown, askingError(20 * time.Second)}, 20 * time.Second, 20 * time.Second},
		{"wrapped", []error{errDown, errDown, errDown, errDown, fmt.Errorf("call: %w", askingError(20*time.Second))}, 20 * time.Second, 20 * time.Second},
		{"by one before", []error{errDown, askingError(20 * time.Second), errDown, errDown, errDown}, 20 * time.Second, 20 * time.Second},
		{"before a success", []error{askingError(20 * time.Second), nil, errDown, errDown, errDown, errDown, errDown}, half.Min / 2, half.Min},
		{"never longer than the longest delay", []error{errDown, errDown, errDown, errDown, askingError(time.Hour)}, half.Max, half.Max},
		{"less than the delay", []error{errDown, errDown, errDown, errDown, askingError(time.Nanosecond)}, half.Min / 2, half.Min},
		{"of a time that is over", []error{errDown, errDown, errDown, errDown, askingError(-time.Hour)}, half.Min / 2, half.Min},
		{"by an error that panics", []error{errDown, errDown, errDown, errDown, brokenError{}}, half.Min / 2, half.Min},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("api", policy(func(p *Policy) { p.Backoff = half }))
				w.prove(g)
				for _, failure := range row.failures {
					g.set(failure)
					if err := g.Get(t.Context()); !errors.Is(err, failure) {
						t.Fatal(err)
					}
				}
				g.set(nil)
				health, _ := w.Health("api")
				if health.State != Unhealthy || health.Backoff < row.least || health.Backoff > row.most {
					t.Fatalf("%s with a delay of %s, want %s to %s", health.State, health.Backoff, row.least, row.most)
				}
				_, before := g.count()
				sleep(row.least - time.Millisecond)
				if _, probes := g.count(); probes != before {
					t.Error("it was probed before")
				}
				sleep(row.most - row.least + time.Second)
				w.wantState("api", Healthy)
			})
		})
	}
}

// A trial that is answered with a time to come again is answered all the same: the next one waits.
func TestTrialThatIsAskedToWaitWaits(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("api")
		w.prove(g)
		g.fail(5)
		g.set(askingError(30 * time.Second))
		sleep(1100 * time.Millisecond)
		if health, _ := w.Health("api"); health.Backoff != 30*time.Second {
			t.Errorf("a delay of %s", health.Backoff)
		}
	})
}

func TestReportedFailureMayAskToWait(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("api")
		w.prove(g)
		for range 5 {
			if err := w.RecordFailure("api", askingError(30*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		if health, _ := w.Health("api"); health.Backoff != 30*time.Second {
			t.Errorf("a delay of %s", health.Backoff)
		}
	})
}
