package status

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

func TestDenialsSayWhatWasNotDone(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		wantAnswer(t, w.get("/denials"), http.StatusOK, "[]\n")
		redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
		w.prove(redis)
		for range 3 {
			_ = redis.Drop(guard.NewScope(t.Context()))
		}
		sleep(time.Minute)
		_ = w.Isolate("redis", "maintenance")
		_ = w.AllowDestructive(guard.NewScope(t.Context()), "purge")
		sleep(time.Second)
		_ = w.SetMode(guard.Observe)
		_ = w.AllowDestructive(guard.NewScope(t.Context()), "purge")
		wantAnswer(t, w.get("/denials"), http.StatusOK,
			`[{"operation":"Drop","reason":"budget","count":2,"would_deny":0,"first":"2000-01-01T00:00:00Z","last":"2000-01-01T00:00:00Z",`+
				`"why":"the budget is spent"},`+
				`{"operation":"purge","reason":"isolated","count":2,"would_deny":1,"first":"2000-01-01T00:01:00Z","last":"2000-01-01T00:01:01Z",`+
				`"dependency":"redis","why":"a required dependency is isolated by hand"}]`+"\n")
		if r := w.report(); r.NotDone != 3 || r.WouldDeny != 1 {
			t.Errorf("the report says that %d were not done, and %d ran all the same", r.NotDone, r.WouldDeny)
		}
	})
}

// explain asks for the decision about an operation.
func (w *world) explain(query string) guard.Decision {
	w.t.Helper()
	answer := w.get("/explain?" + query)
	if got := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || got != "application/json" {
		w.t.Fatalf("%s: %d, sent as %s", query, answer.Code, got)
	}
	return decode[guard.Decision](w.t, answer)
}

func TestExplainSaysWhatTheGateWould(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		if d := w.explain("operation=Drop"); d != (guard.Decision{Operation: "Drop", Known: true, Allowed: true}) {
			t.Errorf("in health: %+v", d)
		}
		if d := w.explain("operation=Dorp"); d.Known || d.Operation != "Dorp" {
			t.Errorf("an unknown operation: %+v", d)
		}
		_ = w.Isolate("redis", "maintenance")
		_ = w.SetMode(guard.Observe, "Drop")
		want := guard.Decision{
			Operation: "Drop", Known: true, Reason: guard.ReasonIsolated, Detail: "redis isolated: maintenance", Dependency: "redis",
			RetryAfter: time.Minute, Mode: guard.Enforce, // its breaker refuses it, whatever the gate only observes
		}
		if d := w.explain("operation=Drop"); d.RetryAfter < time.Minute {
			t.Errorf("isolated: %+v", d)
		} else if d.RetryAfter = time.Minute; d != want {
			t.Errorf("isolated: %+v, want %+v", d, want)
		}
	})
}

func TestExplainIsAboutKeysAndConfirmation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		sleep(time.Minute)
		redis.set(errDown)
		_ = redis.Get(t.Context(), "topic:old news")
		redis.set(nil)
		w.prove(redis)
		key := "key=" + url.QueryEscape("topic:old news")
		for _, row := range []struct {
			query string
			want  guard.Reason
			key   string
		}{
			{"operation=Drop", "", ""},
			{"operation=Drop&key=topic:other", "", ""},
			{"operation=Drop&" + key, guard.ReasonKey, "topic:old news"},
			{"operation=Drop&key=topic:other&" + key, guard.ReasonKey, "topic:old news"},
			{"operation=Drop&confirmed&" + key, "", ""},
			{"operation=Drop&confirmed=yes&" + key + "&key=topic:other", "", ""},
			{"operation=Drop&key=", "", ""},
			{"operation=Drop&confirmed&key=", "", ""},
		} {
			if d := w.explain(row.query); d.Reason != row.want || d.Key != row.key || d.Allowed != (row.want == "") {
				t.Errorf("%s: %+v, want %q about %q", row.query, d, row.want, row.key)
			}
		}
	})
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		if d := w.explain("operation=Drop"); d.Reason != guard.ReasonStart || d.RetryAfter != time.Hour {
			t.Errorf("after start: %+v", d)
		}
		if d := w.explain("operation=Drop&confirmed"); !d.Allowed {
			t.Errorf("after start, when a person asks: %+v", d)
		}
	}, guard.WithStartHold(time.Hour))
}

func TestExplainTakesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
		w.prove(redis)
		for range 100 {
			w.explain("operation=Drop")
			w.explain("operation=never+asked+for")
		}
		if n := len(w.Operations()); n != 1 || len(w.Denials()) != 0 || len(w.Events()) != 1 {
			t.Errorf("%d operations, denials %v, events %v", n, w.Denials(), w.Events())
		}
		if err := redis.Drop(guard.NewScope(t.Context())); err != nil {
			t.Errorf("the budget is spent: %v", err)
		}
	})
}

func TestExplainRefusesWhatItCannotAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		wantProblem(t, w.get("/explain"), http.StatusBadRequest, "name an operation")
		wantProblem(t, w.get("/explain?operation=&key=topic:news"), http.StatusBadRequest, "name an operation")
		keys := strings.Repeat("&key=topic:news", keyLimit)
		w.explain("operation=Drop" + keys)
		wantProblem(t, w.get("/explain?operation=Drop&key=topic:old"+keys), http.StatusBadRequest, "101 keys: 100 are the most")
	})
}
