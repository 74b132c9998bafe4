package guard

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// logged is a handler that keeps what it gets. Safe for concurrent use.
type logged struct {
	mu    sync.Mutex
	lines []logLine
}

type logLine struct {
	level   slog.Level
	message string
	at      time.Time
	attrs   map[string]slog.Value
	order   []string // of the attributes
}

func (l *logged) Enabled(context.Context, slog.Level) bool { return true }
func (l *logged) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *logged) WithGroup(string) slog.Handler            { return l }

func (l *logged) Handle(_ context.Context, r slog.Record) error {
	line := logLine{level: r.Level, message: r.Message, at: r.Time, attrs: make(map[string]slog.Value)}
	r.Attrs(func(a slog.Attr) bool {
		line.attrs[a.Key] = a.Value
		line.order = append(line.order, a.Key)
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	return nil
}

// about returns the lines with the given start of their message.
func (l *logged) about(message string) []logLine {
	l.mu.Lock()
	defer l.mu.Unlock()
	var chosen []logLine
	for _, line := range l.lines {
		if strings.HasPrefix(line.message, message) {
			chosen = append(chosen, line)
		}
	}
	return chosen
}

func TestEveryTransitionIsOneLine(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Backoff = Backoff{Min: 8 * time.Second, Max: time.Minute} }))
		w.prove(g)
		g.fail(5)
		w.untilTrial("redis")
		sleep(10 * time.Second)
		transitions := slices.DeleteFunc(w.Events(), func(e Event) bool { return e.Kind != EventTransition })
		lines := slices.DeleteFunc(log.about(""), func(l logLine) bool { _, transition := l.attrs["breaker"]; return !transition })
		if len(lines) != len(transitions) || len(lines) != 5 {
			t.Fatalf("%d lines for %d transitions, want 5", len(lines), len(transitions))
		}
		want := []struct{ message, from, to, breaker, reason, err string }{
			{"dependency healthy", "unknown", "healthy", "closed", "answered", ""},
			{"dependency degraded", "healthy", "degraded", "closed", "3 consecutive failures", "connection refused"},
			{"dependency unhealthy", "degraded", "unhealthy", "open", "5 consecutive failures", "connection refused"},
			{"breaker half-open", "unhealthy", "unhealthy", "half-open", "probing", "connection refused"},
			{"dependency healthy", "unhealthy", "healthy", "closed", "answered", ""},
		}
		for i, line := range lines {
			row := want[i]
			if line.level != slog.LevelInfo || line.message != row.message {
				t.Errorf("line %d is %s %q, want %q", i, line.level, line.message, row.message)
			}
			for key, want := range map[string]string{"dependency": "redis", "from": row.from, "to": row.to, "breaker": row.breaker, "reason": row.reason} {
				if got := line.attrs[key].String(); got != want {
					t.Errorf("line %d: %s=%q, want %q", i, key, got, want)
				}
			}
			if got, ok := line.attrs["error"]; ok != (row.err != "") || ok && got.String() != row.err {
				t.Errorf("line %d: error=%q, want %q", i, got, row.err)
			}
			event := transitions[i]
			_, said := line.attrs["backoff"]
			if said != (row.breaker == "open") {
				t.Errorf("line %d: a backoff is %t", i, said)
			}
			if said {
				backoff, retry := line.attrs["backoff"].Duration(), line.attrs["retry_after"].Duration()
				if backoff != event.Backoff.Round(time.Millisecond) || retry != backoff || backoff < 4*time.Second || backoff > 8*time.Second {
					t.Errorf("line %d: backoff %s, retry after %s, the event says %s", i, backoff, retry, event.Backoff)
				}
			}
		}
	}, WithLogger(slog.New(log)))
}

func TestEndOfAnEpisodeIsOneLine(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis").fail(5)
		sleep(10 * time.Second)
		lines := log.about("episode over")
		if len(lines) != 1 {
			t.Fatalf("%d lines, want 1", len(lines))
		}
		line := lines[0]
		if line.level != slog.LevelInfo || line.attrs["dependency"].String() != "redis" || line.attrs["episode"].Int64() != 1 ||
			line.attrs["retry_after"].Duration() != time.Minute {
			t.Errorf("line %v", line)
		}
	}, WithLogger(slog.New(log)))
}

func TestControlIsOneLine(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		_ = w.AllowDestructive(t.Context(), "purge")
		for _, c := range []Control{
			{Action: ActionIsolate, Dependency: "redis", Actor: "ana", Reason: "maintenance"},
			{Action: ActionObserve, Operations: []string{"Drop", "purge"}, Actor: "bob", Reason: "roll-out"},
			{Action: ActionProbe, Dependency: "redis", Actor: "ana", Reason: "is it\nback?"},
		} {
			_ = w.Control(t.Context(), c)
		}
		synctest.Wait()
		var lines []string
		for _, line := range log.about("operator acted") {
			text := line.level.String() + " " + line.message
			for _, key := range line.order {
				text += fmt.Sprintf(" %s=%q", key, line.attrs[key])
			}
			lines = append(lines, text)
		}
		want := []string{
			`WARN operator acted dependency="redis" action="isolate" actor="ana" reason="maintenance"`,
			`WARN operator acted action="observe" actor="bob" reason="roll-out" operation="Drop purge"`,
			`WARN operator acted without effect dependency="redis" action="probe" actor="ana" reason="is it\nback?" ` +
				`error="guard: dependency \"redis\" is isolated (maintenance, by ana): restore it first"`,
		}
		if !slices.Equal(lines, want) {
			t.Errorf("logged\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
	}, WithLogger(slog.New(log)))
}

func TestDenialsAreSaidAtOnceAndThenCounted(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		_ = w.Isolate("redis", "maintenance")
		deny := func(n int, operation string) {
			for range n {
				wantDenied(t, w.AllowDestructive(t.Context(), operation), ReasonIsolated)
			}
			synctest.Wait()
		}
		counts := func() (counts []uint64) {
			for _, line := range log.about("destructive call denied") {
				if line.attrs["operation"].String() == "DropTopic" {
					counts = append(counts, line.attrs["count"].Uint64())
				}
			}
			return counts
		}
		deny(1, "DropTopic")
		if got := counts(); !slices.Equal(got, []uint64{1}) {
			t.Fatalf("counts after the first: %v", got)
		}
		deny(500, "DropTopic")
		sleep(9 * time.Second)
		deny(500, "DropTopic")
		if got := counts(); !slices.Equal(got, []uint64{1}) {
			t.Fatalf("counts within 10s: %v", got)
		}
		sleep(2 * time.Second) // nobody asks
		if got := counts(); !slices.Equal(got, []uint64{1, 1000}) {
			t.Fatalf("counts after 10s: %v", got)
		}
		deny(7, "DropTopic")
		deny(1, "DropUser") // another operation is said at once
		if lines := log.about("destructive call denied"); len(lines) != 3 || lines[2].attrs["operation"].String() != "DropUser" {
			t.Fatalf("%d lines", len(lines))
		}
		sleep(time.Minute)
		if got := counts(); !slices.Equal(got, []uint64{1, 1000, 7}) {
			t.Fatalf("counts after a minute: %v", got)
		}
		line := log.about("destructive call denied")[0]
		if line.level != slog.LevelWarn || line.attrs["reason"].String() != "isolated" || line.attrs["dependency"].String() != "redis" ||
			line.attrs["error"].String() != "maintenance" || line.attrs["retry_after"].Duration() < time.Second {
			t.Errorf("line %v", line)
		}
		all := w.Denials()
		if len(all) != 2 || all[0].Operation != "DropTopic" || all[0].Count != 1008 || all[1].Count != 1 || all[0].WouldDeny != 0 ||
			all[0].Reason != ReasonIsolated || all[0].Dependency != "redis" || !all[0].First.Before(all[0].Last) {
			t.Errorf("denials %+v", all)
		}
	}, WithLogger(slog.New(log)))
}

func TestDenialsHeldBackAreSaidOnClose(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		for range 3 {
			_ = w.AllowDestructive(t.Context(), "Drop")
		}
		w.Close()
		lines := log.about("destructive call denied")
		if len(lines) != 2 || lines[1].attrs["count"].Uint64() != 2 {
			t.Fatalf("lines %v", lines)
		}
		w.Close() // says nothing again
		if n := len(log.about("")); n != 2 {
			t.Errorf("%d lines after the second Close", n)
		}
	}, WithLogger(slog.New(log)))
}

func TestDenialsInObserveModeSayThatNothingIsEnforced(t *testing.T) {
	log := &logged{}
	inWorld(t, func(t *testing.T, w *world) {
		wantAllowed(t, w.AllowDestructive(t.Context(), "Drop"))
		synctest.Wait()
		lines := log.about("destructive call would be denied")
		if len(lines) != 1 || !strings.Contains(lines[0].message, "NOT ENFORCING") {
			t.Fatalf("lines %v", lines)
		}
		if d := w.Denials(); len(d) != 1 || d[0].Count != 1 || d[0].WouldDeny != 1 {
			t.Errorf("denials %+v", d)
		}
	}, WithLogger(slog.New(log)), WithMode(Observe))
}

func TestDenialsOfTooManyOperationsAreCountedTogether(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for n := range denialLimit + 50 {
			_ = w.AllowDestructive(t.Context(), fmt.Sprintf("operation %04d", n))
		}
		all := w.Denials()
		if len(all) > denialLimit+10 || all[0].Operation != "(others)" || all[0].Count != 50 {
			t.Errorf("%d kinds, the first is %+v", len(all), all[0])
		}
	})
}

// TestLinesSayWhenItHappened has the log block, and looks at the time and the source of what waited.
func TestLinesSayWhenItHappened(t *testing.T) {
	var text strings.Builder
	log := &blocking{Handler: slog.NewTextHandler(&text, &slog.HandlerOptions{AddSource: true})}
	inWorld(t, func(t *testing.T, w *world) {
		log.until = make(chan struct{})
		g := w.guard("redis")
		w.prove(g)
		sleep(time.Minute)
		g.fail(5)
		sleep(10 * time.Minute)
		close(log.until)
		synctest.Wait()
		lines, events := strings.Split(strings.TrimSpace(text.String()), "\n"), w.Events()
		if len(lines) != len(events) || len(lines) < 3 {
			t.Fatalf("%d lines for %d events", len(lines), len(events))
		}
		for i, line := range lines {
			if want := "time=" + events[i].Time.Format("2006-01-02T15:04:05.000Z07:00"); !strings.HasPrefix(line, want) {
				t.Errorf("not %s: %s", want, line)
			}
			if !strings.Contains(line, "/runtime/log.go:") {
				t.Errorf("no source: %s", line)
			}
		}
	}, WithLogger(slog.New(log)))
}

// blocking is a handler that waits before each line.
type blocking struct {
	slog.Handler
	until chan struct{}
}

func (b *blocking) Handle(ctx context.Context, r slog.Record) error {
	<-b.until
	return b.Handler.Handle(ctx, r)
}
