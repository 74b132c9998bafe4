package status

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// outage is the whole report of the service below. What depends on jitter is named.
const outage = `{
	"status": "fail",
	"releaseId": "1.4.2",
	"serviceId": "sessions",
	"description": "dependencies, and the gate for destructive operations",
	"notes": [
		"Destructive operations blocked: redis unhealthy since 00:01:00, next probe in {next s} s",
		"cache (optional) degraded (heavy reads are refused) since 00:01:00"
	],
	"output": "Destructive operations blocked: redis unhealthy since 00:01:00, next probe in {next s} s",
	"checks": {
		"api:state": [
			{
				"componentId": "api",
				"componentType": "component",
				"observedValue": "healthy",
				"status": "pass",
				"time": "2000-01-01T00:01:02Z",
				"critical": true,
				"since": "2000-01-01T00:00:00Z",
				"lastSuccess": "2000-01-01T00:01:00Z",
				"ageMs": 2000,
				"breaker": "closed",
				"probed": true,
				"lastHour": ".....................................................................................................................hhh"
			}
		],
		"cache:state": [
			{
				"componentId": "cache",
				"componentType": "component",
				"observedValue": "degraded",
				"status": "warn",
				"time": "2000-01-01T00:01:02Z",
				"output": "connection refused",
				"since": "2000-01-01T00:01:00Z",
				"lastSuccess": "2000-01-01T00:00:00Z",
				"lastFailure": "2000-01-01T00:01:00Z",
				"lastError": "connection refused",
				"ageMs": 62000,
				"consecutiveFailures": 3,
				"breaker": "closed",
				"probed": true,
				"lastHour": ".....................................................................................................................hhd"
			}
		],
		"gate:destructive": [
			{
				"componentId": "gate",
				"componentType": "component",
				"observedValue": "shut",
				"status": "warn",
				"time": "2000-01-01T00:01:02Z",
				"output": "Destructive operations blocked: redis unhealthy",
				"affectedEndpoints": [
					"Drop"
				]
			}
		],
		"redis:state": [
			{
				"componentId": "redis",
				"componentType": "component",
				"observedValue": "unhealthy",
				"status": "fail",
				"time": "2000-01-01T00:01:02Z",
				"output": "connection refused",
				"critical": true,
				"since": "2000-01-01T00:01:00Z",
				"lastSuccess": "2000-01-01T00:00:00Z",
				"lastFailure": "2000-01-01T00:01:00Z",
				"lastError": "connection refused",
				"ageMs": 62000,
				"consecutiveFailures": 5,
				"breaker": "open",
				"nextProbeInMs": {next ms},
				"backoffMs": {backoff ms},
				"episode": 1,
				"recovering": true,
				"probed": true,
				"lastHour": ".....................................................................................................................hhu"
			}
		]
	},
	"time": "2000-01-01T00:01:02Z",
	"state": "unhealthy",
	"mode": "enforce",
	"headlines": [
		{
			"level": "fail",
			"text": "Destructive operations blocked: redis unhealthy",
			"since": "2000-01-01T00:01:00Z",
			"next": "next probe",
			"nextInMs": {next ms}
		},
		{
			"level": "warn",
			"text": "cache (optional) degraded (heavy reads are refused)",
			"since": "2000-01-01T00:01:00Z"
		}
	],
	"gate": {
		"operation": "",
		"known": false,
		"allowed": false,
		"reason": "unhealthy",
		"detail": "redis unhealthy: connection refused",
		"dependency": "redis",
		"mode": "enforce",
		"retry_after_s": {next s}
	},
	"operations": [
		{
			"decision": {
				"operation": "Drop",
				"known": true,
				"allowed": false,
				"reason": "unhealthy",
				"detail": "redis unhealthy: connection refused",
				"dependency": "redis",
				"mode": "enforce",
				"retry_after_s": {next s}
			},
			"dependency": "api",
			"budget": "20/1m"
		},
		{
			"decision": {
				"operation": "Drop",
				"known": true,
				"allowed": false,
				"reason": "unhealthy",
				"detail": "redis unhealthy: connection refused",
				"dependency": "redis",
				"mode": "enforce",
				"retry_after_s": {next s}
			},
			"dependency": "redis",
			"budget": "none"
		}
	],
	"suspects": 1,
	"overflowed": 0,
	"notDone": 2,
	"wouldDeny": 0,
	"control": true,
	"lastEvent": "test-7"
}
`

func TestReportSaysEverything(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.serve(WithService("sessions", "1.4.2"), WithControl(nobody))
		redis, api, cache := w.guard("redis"), w.guard("api", budget(guard.Budget{Limit: 20, Window: time.Minute})), w.guard("cache", optional)
		w.prove(redis, api, cache)
		sleep(time.Minute)
		w.prove(api)
		redis.set(errDown)
		_ = redis.Get(t.Context(), "topic:news")
		redis.fail(4)
		cache.fail(3)
		for _, g := range []*guarded{redis, api} {
			_ = g.Drop(guard.NewScope(t.Context()), "topic:old")
		}
		sleep(2 * time.Second)

		answer := w.get("/status")
		if got := answer.Header().Get("Content-Type"); answer.Code != http.StatusServiceUnavailable || got != "application/health+json" {
			t.Errorf("%d, sent as %s", answer.Code, got)
		}
		var got bytes.Buffer
		if err := json.Indent(&got, answer.Body.Bytes(), "", "\t"); err != nil {
			t.Fatal(err)
		}
		health, _ := w.Health("redis")
		next := time.Until(health.OpenUntil)
		want := strings.NewReplacer(
			"{next s}", strconv.Itoa(int((next+time.Second-1)/time.Second)),
			"{next ms}", strconv.FormatInt(next.Milliseconds(), 10),
			"{backoff ms}", strconv.FormatInt(health.Backoff.Milliseconds(), 10),
		).Replace(outage)
		wantLines(t, got.String(), want)
	})
}

func wantLines(t *testing.T, got, want string) {
	t.Helper()
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		var line, wanted string
		if i < len(gotLines) {
			line = gotLines[i]
		}
		if i < len(wantLines) {
			wanted = wantLines[i]
		}
		if line != wanted {
			t.Fatalf("line %d is\n%s\nwant\n%s\nin\n%s", i+1, line, wanted, got)
		}
	}
}

func TestReportPassesOnlyWhatIsKnownToBeWell(t *testing.T) {
	for _, row := range []struct {
		name    string
		options []guard.RegistryOption
		make    func(w *world)
		status  Status
		checks  map[string]Status
	}{
		{"nothing is registered", nil, func(*world) {}, Fail, map[string]Status{"gate:destructive": Warn}},
		{"unknown", nil, func(w *world) { w.guard("redis") }, Fail, map[string]Status{"redis:state": Fail, "gate:destructive": Pass}},
		{"healthy", nil, func(w *world) { w.prove(w.guard("redis")) }, Pass, map[string]Status{"redis:state": Pass, "gate:destructive": Pass}},
		{"degraded", nil, func(w *world) {
			redis := w.guard("redis")
			w.prove(redis)
			redis.fail(3)
		}, Warn, map[string]Status{"redis:state": Warn, "gate:destructive": Pass}},
		{"unhealthy", nil, func(w *world) { w.guard("redis").fail(5) }, Fail, map[string]Status{"redis:state": Fail, "gate:destructive": Warn}},
		{"isolated", nil, func(w *world) {
			w.prove(w.guard("redis"))
			_ = w.Isolate("redis", "maintenance")
		}, Fail, map[string]Status{"redis:state": Fail, "gate:destructive": Warn}},
		{"recovering", nil, func(w *world) {
			redis := w.guard("redis")
			redis.fail(5)
			_ = w.Probe(w.t.Context(), "redis")
		}, Warn, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"held", nil, func(w *world) {
			redis := w.guard("redis")
			redis.fail(5)
			_ = w.Probe(w.t.Context(), "redis")
			sleep(10 * time.Second)
		}, Warn, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"just started", []guard.RegistryOption{guard.WithStartHold(time.Minute)}, func(w *world) { w.prove(w.guard("redis")) },
			Warn, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"optional and unhealthy", nil, func(w *world) {
			w.prove(w.guard("redis"))
			w.guard("cache", optional).fail(5)
		}, Warn, map[string]Status{"cache:state": Warn, "redis:state": Pass, "gate:destructive": Pass}},
		{"optional and unknown", nil, func(w *world) {
			w.prove(w.guard("redis"))
			w.guard("cache", optional)
		}, Pass, map[string]Status{"cache:state": Warn, "redis:state": Pass, "gate:destructive": Pass}},
		{"nothing is critical, and nothing is destroyed", nil, func(w *world) { w.prove(w.guard("cache", optional)) },
			Pass, map[string]Status{"cache:state": Pass, "gate:destructive": Pass}},
		{"nothing is critical, and somebody destroys", nil, func(w *world) {
			w.prove(w.guard("cache", optional))
			_ = w.AllowDestructive(w.t.Context(), "purge")
		}, Warn, map[string]Status{"cache:state": Pass, "gate:destructive": Warn}},
		{"required and missing", []guard.RegistryOption{guard.Requires("queue")}, func(w *world) { w.prove(w.guard("redis")) },
			Fail, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"one budget is spent", nil, func(w *world) {
			redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
			w.prove(redis)
			_ = redis.Drop(guard.NewScope(w.t.Context()))
		}, Warn, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"observing", []guard.RegistryOption{guard.WithMode(guard.Observe)}, func(w *world) { w.prove(w.guard("redis")) },
			Warn, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"observing one operation", nil, func(w *world) {
			w.prove(w.guard("redis"))
			_ = w.SetMode(guard.Observe, "Drop")
		}, Warn, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
		{"closed", nil, func(w *world) {
			w.prove(w.guard("redis"))
			w.Close()
		}, Fail, map[string]Status{"redis:state": Pass, "gate:destructive": Warn}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				row.make(w)
				synctest.Wait()
				answer := w.get("/status")
				code := http.StatusOK
				if row.status == Fail {
					code = http.StatusServiceUnavailable
				}
				r := decode[Report](t, answer)
				if r.Status != row.status || answer.Code != code {
					t.Errorf("%s with %d, want %s with %d", r.Status, answer.Code, row.status, code)
				}
				statuses := make(map[string]Status)
				for name, checks := range r.Checks {
					statuses[name] = checks[0].Status
				}
				if fmt.Sprint(statuses) != fmt.Sprint(row.checks) {
					t.Errorf("checks %v, want %v", statuses, row.checks)
				}
				if len(r.Headlines) == 0 || len(r.Notes) != len(r.Headlines) || (r.Output == "") != (r.Status == Pass) {
					t.Errorf("%q, %q says %d headlines", r.Output, r.Notes, len(r.Headlines))
				}
				if well := strings.HasPrefix(r.Notes[0], "All is well"); well != (r.Status == Pass) {
					t.Errorf("%s, and says %q", r.Status, r.Notes[0])
				}

				answer = w.get("/status", "Accept", "application/json") // a browser takes 503 for an error of its own
				if got := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || got != "application/json" {
					t.Errorf("asked for application/json: %d, sent as %s", answer.Code, got)
				}
				if again := decode[Report](t, answer); again.Status != row.status {
					t.Errorf("asked for application/json it is %s", again.Status)
				}
			}, row.options...)
		})
	}
}

func TestGateIsACheckOfItsOwn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Minute}))
		w.prove(redis)
		_ = w.AllowDestructive(guard.NewScope(t.Context()), "purge")
		want := func(value string, output string, affected ...string) {
			t.Helper()
			gate := w.report().Checks["gate:destructive"][0]
			if gate.ComponentID != "gate" || gate.ObservedValue != value || gate.Output != output ||
				fmt.Sprint(gate.AffectedEndpoints) != fmt.Sprint(affected) {
				t.Errorf("%+v, want %s: %q about %v", gate, value, output, affected)
			}
		}
		want("open", "")
		_ = redis.Drop(guard.NewScope(t.Context()))
		want("shut", "Destructive operations blocked: Drop: budget spent: 1/1m", "Drop")
		redis.fail(5)
		want("shut", "Destructive operations blocked: redis unhealthy", "Drop", "purge")
		_ = w.SetMode(guard.Observe, "Drop")
		want("not enforcing", "NOT ENFORCING Drop: only an open breaker still refuses them; Destructive operations blocked: redis unhealthy", "Drop", "purge")
		_ = w.SetMode(guard.Observe)
		want("not enforcing", "NOT ENFORCING: only an open breaker still refuses destructive operations; "+
			"Destructive operations would be blocked: redis unhealthy", "Drop") // by the breaker
	})
}

func TestObserveModeIsLoud(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		if r := w.report(); r.Mode != guard.Enforce || r.Observed != nil || strings.Contains(fmt.Sprint(r.Notes), "NOT ENFORCING") {
			t.Errorf("enforcing: %+v", r)
		}
		_ = w.SetMode(guard.Observe, "Drop")
		r := w.report()
		if r.Mode != guard.Enforce || fmt.Sprint(r.Observed) != "[Drop]" || r.Headlines[0].Level != LevelObserve ||
			r.Notes[0] != "NOT ENFORCING Drop: only an open breaker still refuses them" || r.Output != r.Notes[0] {
			t.Errorf("one operation: %+v", r)
		}
		_ = w.SetMode(guard.Observe)
		redis.fail(5)
		_ = w.AllowDestructive(guard.NewScope(t.Context()), "purge")
		r = w.report()
		if r.Mode != guard.Observe || r.Headlines[0].Level != LevelObserve || r.Output != r.Notes[0] ||
			r.Notes[0] != "NOT ENFORCING: only an open breaker still refuses destructive operations" ||
			!strings.HasPrefix(r.Notes[1], "Destructive operations would be blocked: redis unhealthy since 00:00:00, next probe in ") {
			t.Errorf("everything: %+v", r)
		}
		if r.WouldDeny != 1 || r.NotDone != 0 {
			t.Errorf("%d ran all the same, %d were not done", r.WouldDeny, r.NotDone)
		}
	})
}

func TestReportIsKeptForATenthOfASecondAndNoLonger(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		first := w.get("/status").Body.String()
		redis.fail(5)
		sleep(100*time.Millisecond - 1)
		if again := w.get("/status"); again.Body.String() != first || again.Code != http.StatusOK {
			t.Error("it was made anew within a tenth of a second")
		}
		sleep(1)
		next := decode[Report](t, w.get("/status"))
		if next.State != guard.Unhealthy || !next.Time.Equal(time.Now()) {
			t.Errorf("after a tenth of a second it still says %s, of %s", next.State, next.Time)
		}
	})
}

func TestManyReadersAtOnceShareAReport(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		var mu sync.Mutex
		bodies := make(map[*byte]int)
		var readers sync.WaitGroup
		for range 50 {
			readers.Go(func() {
				_, body := w.handler.currentReport()
				mu.Lock()
				defer mu.Unlock()
				bodies[&body[0]]++
			})
		}
		readers.Wait()
		if len(bodies) != 1 {
			t.Errorf("%d reports were made for 50 readers at once", len(bodies))
		}
	})
}

func TestReportNamesTheEventToReadOnFrom(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		if got := w.report().LastEvent; got != "test-0" {
			t.Errorf("before the first event: %s", got)
		}
		w.prove(redis)
		if got := w.report().LastEvent; got != "test-1" {
			t.Errorf("after the first event: %s", got)
		}
		redis.fail(5)
		last := w.report().LastEvent
		if after := decode[[]Entry](t, w.get("/events?since="+last, "Accept", "application/json")); len(after) != 0 {
			t.Errorf("after the last event, %s, come %v", last, after)
		}
	})
}

func TestReportCountsSuspectKeys(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis")
		w.prove(redis)
		redis.set(errDown)
		for key := range 3 {
			_ = redis.Get(context.Background(), guard.Keys("topic", key)...)
		}
		if r := w.report(); r.Suspects != 3 || r.Overflowed != 0 {
			t.Errorf("%d suspects, %d without room, want 3 and none", r.Suspects, r.Overflowed)
		}
	})
}

// nobody may act.
func nobody(*http.Request) (string, error) { return "", ErrForbidden }
