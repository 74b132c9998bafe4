package status

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// fuzzed is a service to ask anything of, outside of a bubble: one dependency is healthy, one isolated, one degrades the
// system, and nothing happens by itself for an hour.
func fuzzed(t testing.TB, options ...Option) (*guard.HealthRegistry, *handler) {
	t.Helper()
	r := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0))
	t.Cleanup(r.Close)
	for _, name := range []string{"redis", "api", "db:eu/1"} {
		p := guard.Policy{Optional: name == "api", ProbeInterval: time.Hour, MaxAge: 2 * time.Hour}
		if _, err := r.Dependency(name, p, guard.WithProbe(func(context.Context) error { return nil })); err != nil {
			t.Fatal(err)
		}
		if err := r.RecordSuccess(name); err != nil {
			t.Fatal(err)
		}
	}
	for range 11 { // one more than its budget
		_ = r.AllowDestructive(guard.NewScope(t.Context()), "purge")
	}
	if err := r.Isolate("api", "maintenance"); err != nil {
		t.Fatal(err)
	}
	h := newHandler(r, options...)
	h.feed.instance = "test"
	return r, h
}

// stateOf is what asking must not change: all but what only time does.
func stateOf(t testing.TB, r *guard.HealthRegistry) string {
	t.Helper()
	s := r.System()
	for i := range s.Dependencies {
		d := &s.Dependencies[i]
		d.HoldUntil, d.OpenUntil, d.Since, d.EpisodeFrom, d.IsolatedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{} // of clocks, to nanoseconds
		d.LastSuccess, d.LastFailure = time.Time{}, time.Time{}
	}
	var operations []string
	for _, op := range r.Operations() {
		operations = append(operations, op.Decision.Operation, op.Decision.Mode.String())
	}
	text, err := json.Marshal([]any{s, operations, r.Denials(), len(r.Events())})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stalled reports whether the machine was so busy that the process stood still, which changes the state of everything.
func stalled(r *guard.HealthRegistry) bool {
	return slices.ContainsFunc(r.Events(), func(e guard.Event) bool { return e.Kind == guard.EventStall })
}

// answered sends a request and checks what holds of every answer. An event stream ends as soon as it has begun.
func answered(t *testing.T, h *handler, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	if r.URL.Path == "/events" {
		leave()
	}
	begun, answer := time.Now(), httptest.NewRecorder()
	h.ServeHTTP(answer, r.WithContext(ctx))
	if took := time.Since(begun); took > 5*time.Second {
		t.Fatalf("it took %s", took)
	}
	if r.RequestURI == "*" { // which is not about any path
		return answer
	}
	header := answer.Header()
	if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d with %v", answer.Code, header)
	}
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	body := answer.Body.Bytes()
	switch {
	case answer.Code == http.StatusMovedPermanently || answer.Code == http.StatusTemporaryRedirect: // to a path without dots and doubled slashes
		return answer
	case err != nil:
		t.Fatalf("%d, sent as %q: %v", answer.Code, header.Get("Content-Type"), err)
	case strings.HasSuffix(mediaType, "json"):
		if !json.Valid(body) {
			t.Fatalf("%d, no JSON: %q", answer.Code, body)
		}
		if (mediaType == "application/problem+json") != (answer.Code >= 400 && !strings.HasSuffix(mediaType, "health+json")) {
			t.Fatalf("%d, sent as %s", answer.Code, mediaType)
		}
	case mediaType == "text/html" && (answer.Code != http.StatusOK || string(body) != page && r.Method == http.MethodGet):
		t.Fatalf("%d, a page that is not ours: %q", answer.Code, body)
	case !slices.Contains([]string{"text/html", "text/plain", "text/event-stream"}, mediaType):
		t.Fatalf("%d, sent as %s", answer.Code, mediaType)
	}
	return answer
}

// FuzzQuery asks for anything by GET: each path has its status codes, nothing changes, and nothing takes long.
func FuzzQuery(f *testing.F) {
	for _, seed := range []struct{ target, accept, lastEventID string }{
		{"/", "", ""},
		{"/livez?verbose", "", ""},
		{"/readyz?verbose", "", ""},
		{"/readyz?exclude=redis&exclude=db:eu/1&exclude=&exclude=%00%0a%ff", "", ""},
		{"/readyz?exclude=redis;exclude=api", "", ""},
		{"/readyz/db:eu/1", "", ""},
		{"/readyz/db%3Aeu%2F1", "", ""},
		{"/readyz/../status", "", ""},
		{"/readyz//", "", ""},
		{"/status?x=%zz", "application/json", ""},
		{"/events?since=0", "application/json", ""},
		{"/events?since=test-1", "text/event-stream", ""},
		{"/events?since=other-99999999999999999999", "", ""},
		{"/events", "", "test-18446744073709551615"},
		{"/events", "*/*", "-1"},
		{"/denials", "", ""},
		{"/explain?operation=purge&key=session:1&key=session:2&confirmed", "", ""},
		{"/explain?operation=&key=", "", ""},
		{"/explain?operation=%00&confirmed=no&key=%f0%28%8c%28", "", ""},
		{"/explain?operation=purge" + strings.Repeat("&key=session:1", keyLimit+1), "", ""},
		{"/control/isolate?dependency=redis&reason=x", "", ""},
		{"/control/", "", ""},
		{"//status", "", ""},
		{"*", "", ""},
		{"http://evil.test/status", "", ""},
	} {
		f.Add(seed.target, seed.accept, seed.lastEventID)
	}
	registry, h := fuzzed(f, WithControl(nobody))
	codes := map[string][]int{
		"/": {200}, "/livez": {200}, "/readyz": {200, 503}, "/status": {200, 503}, "/events": {200, 400}, "/denials": {200}, "/explain": {200, 400},
		"*": {400},
	}
	f.Fuzz(func(t *testing.T, target, accept, lastEventID string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: guard\r\n\r\n")))
		if err != nil || r.Method != http.MethodGet {
			return // no server would pass it on
		}
		r.Header.Set("Accept", accept)
		r.Header.Set("Last-Event-ID", lastEventID)
		before := stateOf(t, registry)
		answer := answered(t, h, r)
		want := codes[r.URL.Path]
		switch {
		case strings.HasPrefix(r.URL.Path, "/readyz/"):
			want = []int{200, 404, 503}
		case want == nil:
			want = []int{404, 405}
		}
		if !slices.Contains(append(want, http.StatusMovedPermanently, http.StatusTemporaryRedirect), answer.Code) {
			t.Errorf("%q: %d, want one of %v", target, answer.Code, want)
		}
		location := answer.Header().Get("Location")
		if away := location != "" && !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//"); away && r.URL.Host == "" {
			t.Errorf("%q: it leads away, to %q", target, location)
		}
		if after := stateOf(t, registry); after != before && !stalled(registry) {
			t.Fatalf("%q changed\n%s\ninto\n%s", target, before, after)
		}
		if n := len(h.streams); n != 0 {
			t.Fatalf("%q holds %d places", target, n)
		}
	})
}

// FuzzControl sends anything to where people act. What is not right in every respect changes nothing, and is the client's
// mistake; what is, does what it says, once, and says who did it.
func FuzzControl(f *testing.F) {
	const token = "Bearer " + anasToken
	const isJSON = "application/json"
	for _, seed := range []struct{ method, action, contentType, site, origin, authorization, body string }{
		{"POST", "isolate", isJSON, "", "", token, good},
		{"POST", "isolate", isJSON, "same-origin", "http://guard", token, good},
		{"POST", "isolate", isJSON, "cross-site", "http://evil.test", token, good},
		{"POST", "isolate", isJSON, "", "http://evil.test", token, good},
		{"POST", "isolate", isJSON, "", "null", token, good},
		{"POST", "restore", "application/json; charset=utf-8", "", "", token, `{"dependency":"api","reason":"it is back"}`},
		{"POST", "restore", isJSON, "", "", token, good},
		{"POST", "probe", isJSON, "none", "", token, good},
		{"POST", "probe", isJSON, "none", "", token, `{"dependency":"mysql","reason":"x"}`},
		{"POST", "observe", isJSON, "", "", token, `{"reason":"roll-out"}`},
		{"POST", "observe", isJSON, "", "", token, `{"operations":["purge"],"reason":"roll-out"}`},
		{"POST", "enforce", isJSON, "", "", token, `{"operations":["purge","Drop"],"reason":"it is right"}`},
		{"POST", "enforce", "text/plain", "", "", token, `{"reason":"it is right"}`},
		{"POST", "isolate", isJSON, "", "", "Bearer " + bobsToken, good},
		{"POST", "isolate", isJSON, "", "", "", good},
		{"GET", "isolate", isJSON, "", "", token, good},
		{"PUT", "isolate", isJSON, "", "", token, good},
		{"POST", "explode", isJSON, "", "", token, good},
		{"POST", "isolate/../observe", isJSON, "", "", token, `{"reason":"x"}`},
		{"POST", "isolate", isJSON, "", "", token, good + "}"},
		{"POST", "isolate", isJSON, "", "", token, `{"dependency":"redis","reason":" "}`},
		{"POST", "isolate", isJSON, "", "", token, `{"DEPENDENCY":"redis","Reason":"x","reason":"y"}`},
		{"POST", "isolate", isJSON, "", "", token, `{"dependency":"redis","reason":"maintenance","actor":"bob"}`},
		{"POST", "isolate", isJSON, "", "", token, strings.Repeat(" ", controlLimit) + good},
		{"POST", "isolate", isJSON, "", "", token, strings.Repeat("[", controlLimit)},
		{"POST", "isolate", isJSON, "", "", token, "\xff\x00"},
	} {
		f.Add(seed.method, seed.action, seed.contentType, seed.site, seed.origin, seed.authorization, seed.body)
	}
	f.Fuzz(func(t *testing.T, method, action, contentType, site, origin, authorization, body string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(method + " /control/" + action + " HTTP/1.1\r\nHost: guard\r\n\r\n")))
		if err != nil || !strings.HasPrefix(r.URL.Path, "/control/") {
			return
		}
		for name, value := range map[string]string{
			"Content-Type": contentType, "Sec-Fetch-Site": site, "Origin": origin, "Authorization": authorization,
		} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		registry, h := fuzzed(t, tokens(t))
		before, events := stateOf(t, registry), len(registry.Events())
		withBody := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Body, r.ContentLength = withBody.Body, withBody.ContentLength
		answer := answered(t, h, r)
		after := stateOf(t, registry)
		if stalled(registry) {
			return
		}
		happened := registry.Events()[events:]

		mediaType, _, _ := strings.Cut(contentType, ";")
		_, token, _ := strings.Cut(authorization, " ")
		token = strings.TrimSpace(token)
		right := r.Method == http.MethodPost && strings.TrimSpace(mediaType) == isJSON && (token == anasToken || token == bobsToken) &&
			(site == "" || site == "same-origin" || site == "none") && len(body) <= controlLimit && json.Valid([]byte(body))
		controls := slices.DeleteFunc(slices.Clone(happened), func(e guard.Event) bool { return e.Kind != guard.EventControl })
		switch {
		case !right || answer.Code != http.StatusOK && len(controls) == 0:
			if after != before || answer.Code < 300 || answer.Code >= 500 {
				t.Fatalf("answered %d %s, and changed\n%s\ninto\n%s", answer.Code, answer.Body, before, after)
			}
		case answer.Code == http.StatusOK:
			var done guard.Control
			if err := json.Unmarshal(answer.Body.Bytes(), &done); err != nil {
				t.Fatal(err)
			}
			if len(controls) != 1 {
				t.Fatalf("answered %s, and recorded %d controls", answer.Body, len(controls))
			}
			e := controls[0]
			if e.Err != nil || e.Action != done.Action || e.Dependency != done.Dependency || e.Reason != done.Reason || strings.TrimSpace(done.Reason) == "" ||
				e.Actor != map[string]string{anasToken: "ana", bobsToken: "bob"}[token] || string(done.Action) != strings.TrimPrefix(r.URL.Path, "/control/") {
				t.Fatalf("answered %s, and recorded %+v", answer.Body, e)
			}
		default: // it was allowed, and came to nothing
			if !slices.Contains([]int{http.StatusNotFound, http.StatusConflict}, answer.Code) || len(happened) != 1 || happened[0].Err == nil {
				t.Fatalf("answered %d %s, and recorded %+v", answer.Code, answer.Body, happened)
			}
		}
	})
}

// FuzzEventID comes back with anything as its last event.
func FuzzEventID(f *testing.F) {
	for _, id := range []string{
		"", "0", "test-0", "test-1", "test-2", "test-3", "test-99", "other-1", "test-", "-", "-1", "test--1", "test-01", "test-+1", "test-1-1",
		"test-18446744073709551615", "test-18446744073709551616", "TEST-1", "test-1 ", " 0", "00", "test-1\n", "\xff-1", "test-0x1",
	} {
		f.Add(id)
	}
	_, h := fuzzed(f)
	f.Fuzz(func(t *testing.T, id string) {
		last := h.feed.newest()
		seq, foreign, err := h.feed.parse(id)
		if err == nil && (seq > last || foreign && seq != 0) {
			t.Fatalf("%q is read as %d, foreign %t", id, seq, foreign)
		}
		if err == nil && !foreign && id != "0" {
			if again, _, err := h.feed.parse(h.feed.id(seq)); again != seq || err != nil {
				t.Fatalf("%q is read as %d, and then as %d, %v", id, seq, again, err)
			}
		}
		r := httptest.NewRequest(http.MethodGet, "/events", nil)
		r.Header["Last-Event-Id"] = []string{id}
		stream := answered(t, h, r)
		r.Header.Set("Accept", "application/json")
		list := answered(t, h, r)
		if id == "" {
			seq, err = 0, nil
		}
		if err != nil {
			if stream.Code != http.StatusBadRequest || list.Code != http.StatusBadRequest {
				t.Fatalf("%q: %d and %d, want 400: %v", id, stream.Code, list.Code, err)
			}
			return
		}
		var entries []Entry
		complete := func(n int) bool { return uint64(n) >= last-seq && uint64(n) <= h.feed.newest()-seq } // more may have happened
		if err := json.Unmarshal(list.Body.Bytes(), &entries); err != nil || !complete(len(entries)) {
			t.Fatalf("%q lists %d, want %d: %v", id, len(entries), last-seq, err)
		}
		streamed := strings.Count(stream.Body.String(), "\nid: test-")
		if id == "" {
			seq = last // a stream begins now
		}
		if !complete(streamed) || strings.Contains(stream.Body.String(), "event: gap") != foreign {
			t.Fatalf("%q streams %d, want %d:\n%s", id, streamed, last-seq, stream.Body)
		}
	})
}
