package unixhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// refusals are errors of the guard as they arise in a program.
func refusals(t testing.TB) map[string]error {
	t.Helper()
	registry := guardtest.NewRegistry(t, guard.WithBudget(guard.Budget{Limit: 1, Window: time.Minute}))

	redis, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(func(context.Context) error { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]error)
	deny := func(name string, ctx context.Context, keys ...string) {
		t.Helper()
		if found[name] = registry.AllowDestructive(ctx, "Terminate", keys...); found[name] == nil {
			t.Fatalf("%s was allowed", name)
		}
	}
	call := func(ctx context.Context, err error) error {
		_, err = guard.Call(ctx, redis, func(context.Context) (int, error) { return 0, err }, guard.About("session:42"))
		return err
	}
	if err := registry.AllowDestructive(t.Context(), "Terminate"); err != nil {
		t.Fatal(err)
	}
	deny("budget", t.Context())
	scope := guard.NewScope(t.Context())
	call(scope, errors.New("connection refused"))
	deny("scope", scope)
	deny("key", guard.NewScope(t.Context()), "session:42")
	deny("quiet", t.Context())
	guardtest.Fail(t, registry, "redis", 5, errors.New("connection\nrefused"))
	deny("unhealthy", t.Context())
	found["refused"] = call(t.Context(), nil)
	if err := registry.Isolate("redis", "an operator's reason"); err != nil {
		t.Fatal(err)
	}
	deny("isolated", t.Context())
	found["refused, isolated"] = call(t.Context(), nil)
	registry.Close()
	deny("closed", t.Context())
	return found
}

// hop is a server that answers with the error, and what a client makes of it.
func hop(t testing.TB, refusal error) error {
	t.Helper()
	path := socket(t)
	server := serveAt(t, listen(t, "unix", path), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
		unixhttp.Error(w, refusal, http.StatusBadGateway)
	}))
	defer server.Close()
	response, err := newClient(t, path, unixhttp.Options{}).Get("http://api/sessions/42?secret=1")
	if err != nil {
		t.Fatal(err)
	}
	return unixhttp.Check(response)
}

func TestRefusalCrossesTwoSocketsIntact(t *testing.T) {
	for name, refusal := range refusals(t) {
		t.Run(name, func(t *testing.T) {
			wait := waitOf(refusal)
			first := hop(t, refusal)
			second := hop(t, errors.Join(errors.New("session 42"), first))
			for i, got := range []error{first, second} {
				wantSame(t, got, refusal)
				for _, sentinel := range []error{guard.ErrUnhealthy, guard.ErrDestructiveDenied} {
					if errors.Is(got, sentinel) != errors.Is(refusal, sentinel) {
						t.Errorf("hop %d: errors.Is(%v) is lost or made up", i+1, sentinel)
					}
				}
				if w := waitOf(got); w < wait-2*time.Second || w > wait+wait/5+time.Second {
					t.Errorf("hop %d: retry after %s, and it was %s", i+1, w, wait)
				}
				if unixhttp.Classify(t.Context(), got) != guard.OutcomeIgnored {
					t.Errorf("hop %d: it is %v for the client", i+1, unixhttp.Classify(t.Context(), got))
				}
				status, ok := errors.AsType[*unixhttp.StatusError](got)
				if want := map[bool]int{true: 429, false: 503}[name == "budget"]; !ok || status.Code != want || status.Path != "/sessions/42" {
					t.Errorf("hop %d: %+v", i+1, status)
				}
				if !strings.HasPrefix(got.Error(), "System unhealthy; retry in ") {
					t.Errorf("hop %d: %v", i+1, got)
				}
			}
		})
	}
}

// wantSame checks that two errors of the guard say the same.
func wantSame(t *testing.T, got, want error) {
	t.Helper()
	if denied, ok := errors.AsType[*guard.DestructiveDeniedError](want); ok {
		g, ok := errors.AsType[*guard.DestructiveDeniedError](got)
		if !ok || g.Operation != denied.Operation || g.Reason != denied.Reason || g.Dependency != denied.Dependency || g.Key != denied.Key {
			t.Errorf("%#v, want %#v", g, denied)
		}
	}
	if unhealthy, ok := errors.AsType[*guard.DependencyUnhealthyError](want); ok {
		g, ok := errors.AsType[*guard.DependencyUnhealthyError](got)
		if !ok || g.Dependency != unhealthy.Dependency || g.State != unhealthy.State || g.Isolated != unhealthy.Isolated {
			t.Errorf("%#v, want %#v", g, unhealthy)
		}
	}
}

func waitOf(err error) time.Duration {
	waiting, _ := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err)
	return waiting.RetryAfter()
}

func TestErrorOfSomebodyElseIsItsText(t *testing.T) {
	w := httptest.NewRecorder()
	unixhttp.Error(w, errors.New("no such session"), http.StatusNotFound)
	if w.Code != 404 || w.Body.String() != "no such session\n" || w.Header().Get("Retry-After") != "" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
}

func TestRefusalIsSentWithItsHeaders(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Length", "3")
	w.Header().Set("Etag", "x")
	unixhttp.Error(w, refusals(t)["unhealthy"], http.StatusBadGateway)
	var problem guard.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != 503 || problem.Status != 503 {
		t.Errorf("%d %s: %v", w.Code, w.Body, err)
	}
	header := w.Header()
	if header.Get("Retry-After") != strconv.Itoa(problem.RetryAfter) || header.Get("Content-Type") != "application/problem+json" ||
		header.Get("Cache-Control") != "no-store" || header.Get("Content-Length") != "" || header.Get("Etag") != "" {
		t.Errorf("%v", header)
	}
}

func TestEachRequestHasAScopeOfItsOwn(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	redis, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(func(context.Context) error { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	handler := unixhttp.Scope(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/failing" {
			guard.Call(r.Context(), redis, func(context.Context) (int, error) { return 0, io.EOF })
		}
		if err := registry.AllowDestructive(r.Context(), "Terminate"); err != nil {
			unixhttp.Error(w, err, http.StatusBadGateway)
		}
	}))
	for _, row := range []struct {
		path string
		want int
	}{{"/failing", 503}, {"/", 200}, {"/failing", 503}, {"/", 200}} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, row.path, nil))
		if w.Code != row.want {
			t.Errorf("%s: %d %s", row.path, w.Code, w.Body)
		}
	}
}

// answerOf is an answer as a client has it.
func answerOf(code int, header http.Header, body string) *http.Response {
	request := httptest.NewRequest(http.MethodPut, "http://api/sessions/4%202/seen?secret=1", nil)
	return &http.Response{StatusCode: code, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: request}
}

func TestStatusErrorSaysWhatTheServerSaid(t *testing.T) {
	err := unixhttp.Check(answerOf(404, nil, " no such\tsession\x1b[31m\u202e \r\n"))
	if want := "PUT /sessions/4%202/seen answered 404: no such session [31m"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if !errors.Is(err, &unixhttp.StatusError{Code: 404}) || errors.Is(err, &unixhttp.StatusError{Code: 500}) || waitOf(err) != 0 {
		t.Errorf("%#v", err)
	}
	for _, code := range []int{200, 204, 301, 399} {
		if err := unixhttp.Check(answerOf(code, nil, "")); err != nil {
			t.Errorf("%d: %v", code, err)
		}
	}
	huge := unixhttp.Check(answerOf(500, nil, strings.Repeat("é", 1<<20)))
	if status, _ := errors.AsType[*unixhttp.StatusError](huge); len(status.Text) > 1<<10 || !strings.HasSuffix(status.Text, "é…") {
		t.Errorf("%d bytes", len(huge.Error()))
	}
	endless := answerOf(500, nil, "")
	endless.Body = io.NopCloser(forever('x'))
	if status, ok := errors.AsType[*unixhttp.StatusError](unixhttp.Check(endless)); !ok || len(status.Text) > 1<<10 {
		t.Errorf("%v", status)
	}
	denial, _ := json.Marshal(&guard.DestructiveDeniedError{Operation: "End", Reason: guard.ReasonScope})
	if err := unixhttp.Check(answerOf(503, http.Header{"Content-Type": {"text/html"}}, string(denial))); errors.Is(err, guard.ErrDestructiveDenied) {
		t.Error("a page was taken for a refusal")
	}
	empty := unixhttp.Check(&http.Response{StatusCode: 500, Body: http.NoBody})
	if empty.Error() != "the server answered 500" {
		t.Errorf("%q", empty)
	}
}

// forever reads one byte without end.
type forever byte

func (f forever) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}

func TestRetryAfterIsRead(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"":                        0,
		"soon":                    0,
		"-5":                      0,
		"1.5":                     0,
		"0":                       0,
		"7":                       7 * time.Second,
		"86400":                   24 * time.Hour,
		"99999999999":             24 * time.Hour,
		"99999999999999999999999": 0,
		time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat):  90 * time.Second,
		time.Now().Add(-90 * time.Second).UTC().Format(http.TimeFormat): 0,
		time.Now().AddDate(9, 0, 0).UTC().Format(http.TimeFormat):       24 * time.Hour,
	} {
		err := unixhttp.Check(answerOf(429, http.Header{"Retry-After": {text}}, ""))
		if got := waitOf(err); got > want || got < want-2*time.Second {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// FuzzRefusal reads an answer that somebody wrote who means no good.
func FuzzRefusal(f *testing.F) {
	for _, refusal := range refusals(f) {
		document, err := json.Marshal(refusal)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("application/problem+json", "12", document)
	}
	denied := `{"type":"tag:github.com,2026:guardgen/guardgen:destructive-denied",`
	unhealthy := `{"type":"tag:github.com,2026:guardgen/guardgen:dependency-unhealthy",`
	f.Add("application/problem+json; charset=utf-8", "", []byte(denied+`"reason":"\u001b[2Jscope","retry_after":9223372036854775807}`))
	f.Add("application/problem+json", "-1", []byte(denied+`"retry_after":-9223372036854775808,"dependency":["redis"]}`))
	f.Add("application/problem+json", "", []byte(unhealthy+`"state":"healthy","cause":"`+strings.Repeat("a\\n", 5000)+`"}`))
	f.Add("application/problem+json", "", []byte(unhealthy+`"state":"dead"}`))
	f.Add("application/problem+json", "", []byte(unhealthy+`"dependency":"\u202eapi\u0000","state":"unhealthy"}`+strings.Repeat(" ", 1<<17)))
	f.Add("application/problem+json", "", []byte(strings.Repeat("[", 1<<17)))
	f.Add("text/html", "Thu, 01 Jan 1970 00:00:00 GMT", []byte(denied+`"reason":"scope"}`))
	f.Add("application/problem+json;;;", "9", []byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, kind, retry string, document []byte) {
		err := unixhttp.Check(answerOf(503, http.Header{"Content-Type": {kind}, "Retry-After": {retry}}, string(document)))
		status, ok := errors.AsType[*unixhttp.StatusError](err)
		if !ok {
			t.Fatalf("%T", err)
		}
		text := err.Error()
		if len(text) > 4<<10 {
			t.Fatalf("an error of %d bytes", len(text))
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.C, r) && !unicode.Is(unicode.Co, r) }); i >= 0 {
			t.Fatalf("%q at %d", text, i)
		}
		if wait := status.RetryAfter(); wait < 0 || wait > 24*time.Hour {
			t.Fatalf("retry after %s", wait)
		}
		if status.Refusal == nil {
			if errors.Is(err, guard.ErrUnhealthy) || errors.Is(err, guard.ErrDestructiveDenied) {
				t.Fatal("a refusal out of nothing")
			}
			return
		}
		if wait := waitOf(status.Refusal); wait < time.Second || wait > 24*time.Hour {
			t.Fatalf("the refusal says retry after %s", wait)
		}
		w := httptest.NewRecorder()
		unixhttp.Error(w, err, http.StatusBadGateway) // the next hop
		again := unixhttp.Check(&http.Response{StatusCode: w.Code, Header: w.Header(), Body: io.NopCloser(w.Body)})
		passed, ok := errors.AsType[*unixhttp.StatusError](again)
		if !ok || passed.Refusal == nil {
			t.Fatalf("the next hop has %v", again)
		}
	})
}
