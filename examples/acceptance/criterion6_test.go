//go:build integration

package acceptance

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

func TestCriterion6EveryTransitionIsLogged(t *testing.T) {
	t.Parallel()
	for _, d := range dependencies {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			lines := new(ledger)
			backoff := guard.Backoff{Min: 200 * time.Millisecond, Max: 2 * time.Second}
			s := newStage(t, rig.Config{Guarded: true, Logger: slog.New(lines), Change: func(p *guard.Policy) {
				p.ProbeInterval = time.Hour // so that calls alone decide
				p.Backoff = backoff
			}})
			outage(t, s, d)
			s.Registry.Close() // which waits for the log

			logged := lines.transitions(string(d))
			linesAreOfTheOutage(t, logged, backoff)
			linesAreTheEvents(t, logged, s.Registry.Events(), d)
		})
	}
}

// outage takes the dependency through a whole outage, in which a trial fails.
func outage(t *testing.T, s *stage, d dependency) {
	t.Helper()
	about := s.open(t, "news")
	s.breakDown(t, d, about)
	s.story.until(t, d, breaker("half-open"))
	s.story.until(t, d, breaker("open"))
	must(t, s.proxy(d).Set(faultproxy.Fault{}))
	s.story.until(t, d, closes)
	must(t, s.ask(t.Context(), d, about))
}

// linesAreOfTheOutage checks the lines of one dependency against what must have happened.
func linesAreOfTheOutage(t *testing.T, logged []line, backoff guard.Backoff) {
	t.Helper()
	var states []string
	for _, l := range logged {
		states = append(states, l.text["to"]+" "+l.text["breaker"])
		if l.text["breaker"] != "open" {
			continue
		}
		retryAfter, delay := l.durations["retry_after"], l.durations["backoff"]
		if delay < backoff.Min/2 || delay > backoff.Max || retryAfter <= 0 || retryAfter > delay {
			t.Errorf("%v: retry_after %s, backoff %s; want up to the delay of %s", l, retryAfter, delay, backoff)
		}
		if l.text["error"] == "" {
			t.Errorf("%v: no error", l)
		}
	}
	want := []string{"healthy closed", "degraded closed", "unhealthy open", "unhealthy half-open", "unhealthy open"}
	for i := len(want); i+2 < len(states); i += 2 { // more trials may have failed
		want = append(want, "unhealthy half-open", "unhealthy open")
	}
	want = append(want, "unhealthy half-open", "healthy closed")
	if !slices.Equal(states, want) {
		t.Errorf("logged %q, want %q", states, want)
	}
	for i, l := range logged {
		if l.level != slog.LevelInfo || l.text["reason"] == "" || i > 0 && l.text["from"] != logged[i-1].text["to"] {
			t.Errorf("line %d: %v; want INFO, a reason, and from where the one before went to", i+1, l)
		}
	}
}

// linesAreTheEvents checks that each transition is one line, in order.
func linesAreTheEvents(t *testing.T, logged []line, events []guard.Event, d dependency) {
	t.Helper()
	events = slices.DeleteFunc(events, func(e guard.Event) bool {
		return e.Kind != guard.EventTransition || e.Dependency != string(d)
	})
	if len(logged) != len(events) {
		t.Fatalf("%d lines for %d transitions", len(logged), len(events))
	}
	for i, e := range events {
		l := logged[i]
		if l.text["from"] != e.From.String() || l.text["to"] != e.To.String() || l.text["breaker"] != e.Breaker || l.text["reason"] != e.Reason {
			t.Errorf("line %d is %v, of %+v", i+1, l, e)
		}
	}
}

// line is a line of the log.
type line struct {
	level     slog.Level
	message   string
	text      map[string]string
	durations map[string]time.Duration
}

// ledger is a [slog.Handler] that keeps every line. Safe for concurrent use.
type ledger struct {
	mu    sync.Mutex
	lines []line
}

// Enabled implements [slog.Handler].
func (*ledger) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements [slog.Handler].
func (l *ledger) Handle(_ context.Context, record slog.Record) error {
	kept := line{record.Level, record.Message, map[string]string{}, map[string]time.Duration{}}
	record.Attrs(func(a slog.Attr) bool {
		kept.text[a.Key] = a.Value.String()
		if a.Value.Kind() == slog.KindDuration {
			kept.durations[a.Key] = a.Value.Duration()
		}
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, kept)
	return nil
}

// WithAttrs implements [slog.Handler]; nothing calls it.
func (l *ledger) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements [slog.Handler]; nothing calls it.
func (l *ledger) WithGroup(string) slog.Handler { return l }

// transitions returns the lines about changes of state of the dependency.
func (l *ledger) transitions(dependency string) []line {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []line
	for _, kept := range l.lines {
		if kept.text["dependency"] == dependency && kept.text["to"] != "" {
			found = append(found, kept)
		}
	}
	return found
}
