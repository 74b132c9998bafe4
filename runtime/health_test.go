package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEventIsSnakeCaseJSON(t *testing.T) {
	e := Event{
		Seq: 7, Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Kind: EventTransition, Dependency: "redis", From: Degraded, To: Unhealthy,
		Breaker: "open", Reason: "5 consecutive failures", RetryAfter: 1500 * time.Millisecond, Backoff: 2 * time.Second, Episode: 3,
		Operation: "Drop", Count: 9, Mode: Observe, Actor: "ana", Err: errDown, Dropped: 4,
	}
	wantJSON(t, e, `{"seq":7,"time":"2026-01-02T03:04:05Z","kind":"transition","dependency":"redis","from":"degraded","to":"unhealthy",`+
		`"breaker":"open","reason":"5 consecutive failures","retry_after_s":1.5,"backoff_s":2,"episode":3,"operation":"Drop","count":9,`+
		`"mode":"observe","actor":"ana","error":"connection refused","dropped":4}`)
}

func TestHealthIsSnakeCaseJSON(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	wantJSON(t, DependencyHealth{Name: "redis"},
		`{"name":"redis","state":"unknown","critical":false,"breaker":"","backoff_s":0,"failures":0,"episode":0,"recovering":false}`)
	wantJSON(t, DependencyHealth{
		Name: "redis", State: Unhealthy, Critical: true, Breaker: "open", Since: at, LastError: errDown, LastSuccess: at, LastFailure: at,
		OpenUntil: at, Backoff: 1500 * time.Millisecond, HoldUntil: at, Failures: 5, Episode: 2, Recovering: true, Isolated: "maintenance",
	}, `{"name":"redis","state":"unhealthy","critical":true,"breaker":"open","since":"2026-01-02T03:04:05Z","last_error":"connection refused",`+
		`"last_success":"2026-01-02T03:04:05Z","last_failure":"2026-01-02T03:04:05Z","open_until":"2026-01-02T03:04:05Z","backoff_s":1.5,`+
		`"hold_until":"2026-01-02T03:04:05Z","failures":5,"episode":2,"recovering":true,"isolated":"maintenance"}`)
}

// wantJSON compares field by field, so that new fields break nothing.
func wantJSON(t *testing.T, v any, want string) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var got, wanted map[string]any
	if err := errors.Join(json.Unmarshal(text, &got), json.Unmarshal([]byte(want), &wanted)); err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if fmt.Sprint(got[key]) != fmt.Sprint(wanted[key]) {
			t.Errorf("%q is %v, want %v", key, got[key], wanted[key])
		}
	}
	for key := range got {
		if key != strings.ToLower(key) {
			t.Errorf("%q is not in snake case", key)
		}
	}
}

func TestHealthSaysWhatHappened(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		start := time.Now()
		sleep(time.Second)
		w.prove(g)
		proven := time.Now()
		sleep(time.Second)
		g.fail(5)
		h, ok := w.Health("redis")
		if !ok || h.Name != "redis" || h.State != Unhealthy || !h.Critical || h.Breaker != "open" || h.Episode != 1 || !h.Recovering {
			t.Errorf("health %+v", h)
		}
		if !errors.Is(h.LastError, errDown) || !h.LastFailure.Equal(time.Now()) || !h.Since.Equal(time.Now()) {
			t.Errorf("it failed just now: %+v", h)
		}
		if old := proven.Sub(h.LastSuccess); old < 0 || old > tickLength {
			t.Errorf("last success at %s, it was at %s", h.LastSuccess.Sub(start), proven.Sub(start))
		}
		if h.Backoff <= 0 || !h.OpenUntil.Equal(time.Now().Add(h.Backoff)) || !h.HoldUntil.IsZero() {
			t.Errorf("it is open for %s until %s, held until %s", h.Backoff, h.OpenUntil, h.HoldUntil)
		}
		sleep(20 * time.Second)
		h, _ = w.Health("redis")
		if h.State != Healthy || h.Recovering || h.Backoff != 0 || !h.OpenUntil.IsZero() || h.HoldUntil.Before(time.Now()) ||
			time.Until(h.HoldUntil) > time.Minute {
			t.Errorf("health after recovery %+v", h)
		}
		if _, ok := w.Health("api"); ok || w.State("api") != Unknown {
			t.Error("an unknown dependency has health")
		}
	})
}

func TestSystemNamesWhatIsMissing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		want := func(state DependencyState, missing ...string) {
			t.Helper()
			if s := w.System(); s.State != state || !slices.Equal(s.Missing, missing) {
				t.Errorf("the system is %s and misses %v, want %s and %v", s.State, s.Missing, state, missing)
			}
		}
		want(Unknown, "api", "redis")
		w.prove(w.guard("redis"))
		want(Unknown, "api")
		wantJSON(t, w.System(), `{"state":"unknown","missing":["api"]}`)
		api := w.guard("api", policy(func(p *Policy) { p.Optional = true })) // required all the same
		want(Healthy)
		if text, _ := json.Marshal(w.System()); strings.Contains(string(text), "missing") {
			t.Errorf("nothing is missing in %s", text)
		}
		api.fail(5)
		want(Degraded)
	}, Requires("redis", "api", "redis"))
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		w.guard("api").fail(5)
		if s := w.System(); s.State != Unhealthy || !slices.Equal(s.Missing, []string{"queue"}) {
			t.Errorf("the worst of unhealthy and missing is %s, and it misses %v", s.State, s.Missing)
		}
	}, Requires("queue"))
}

func TestHealthSaysWhetherAProbeFindsOut(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, cache := w.guard("redis"), w.guard("cache", withoutProbe)
		want := func(name string, probed bool) {
			t.Helper()
			h, _ := w.Health(name)
			if h.Probed != probed {
				t.Errorf("%s is probed: %t, want %t", name, h.Probed, probed)
			}
			wantJSON(t, h, fmt.Sprintf(`{"probed":%t}`, probed))
		}
		want("redis", true)
		want("cache", false)
		cache.fail(5)
		want("cache", false)
		redis.probeWith(func(context.Context) error { <-w.ctx.Done(); return nil }) // which ignores that its time is over
		redis.fail(5)
		sleep(10 * time.Minute)
		want("redis", false)
		redis.probeWith(redis.ping)
		want("redis", true)
	})
}

func TestDoneIsClosedWithTheRegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		done := w.Done()
		select {
		case <-done:
			t.Fatal("it is done before it is closed")
		default:
		}
		ended := false
		go func() {
			<-done
			ended = true
		}()
		w.Close()
		w.Close()
		sleep(0)
		if !ended || done != w.Done() {
			t.Error("whoever waits for its end still waits")
		}
	})
}
