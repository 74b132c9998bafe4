package unixhttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// stage is a guarded client, and a server that answers as a test wants; its health check is always well.
type stage struct {
	*http.Client

	registry *guard.HealthRegistry
	handler  atomic.Pointer[http.HandlerFunc]
	asked    atomic.Int64 // requests that arrived, without health checks
}

// patient is a policy under which a test decides when things happen.
func patient(p *guard.Policy) {
	p.Backoff = guard.Backoff{Min: time.Minute, Max: time.Minute}
	p.ProbeInterval = time.Hour
}

func newStage(t *testing.T, rules unixhttp.Rules, options ...guard.Option) *stage {
	t.Helper()
	s := &stage{registry: guardtest.NewRegistry(t)}
	path := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" {
			return
		}
		s.asked.Add(1)
		(*s.handler.Load())(w, r)
	})
	s.answer(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	transport := newTransport(t, path, unixhttp.Options{})
	if err := unixhttp.Guard(s.registry, transport, rules, append([]guard.Option{guard.WithPolicy(patient)}, options...)...); err != nil {
		t.Fatal(err)
	}
	s.Client = &http.Client{Transport: transport}
	return s
}

func (s *stage) answer(handler http.HandlerFunc) { s.handler.Store(&handler) }

// do is a request whose answer is read to its end.
func (s *stage) do(ctx context.Context, method, path string) error {
	response, err := s.open(ctx, method, path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if err := unixhttp.Check(response); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// open is a request whose answer has not been read.
func (s *stage) open(ctx context.Context, method, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://api"+path, nil)
	if err != nil {
		return nil, err
	}
	return s.Do(request)
}

func (s *stage) health() guard.DependencyHealth {
	health, _ := s.registry.Health("api")
	return health
}

// wantFailures checks the number of failures in a row that the breaker has counted.
func (s *stage) wantFailures(t *testing.T, want int) {
	t.Helper()
	if got := s.health().Failures; got != want {
		t.Errorf("%d failures counted, want %d (%v)", got, want, s.health().LastError)
	}
}

func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	io.WriteString(w, "hel")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) }
}

func TestEachAnswerIsCountedOnce(t *testing.T) {
	for _, row := range []struct {
		name    string
		handler http.HandlerFunc
		want    int // failures, for each request
	}{
		{"an answer", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }, 0},
		{"no content", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, 0},
		{"404", status(404), 0},
		{"429", status(429), 1},
		{"500", status(500), 1},
		{"500 without a body", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, 1},
		{"aborted", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 1},
		{"a body that is cut", cut, 1},
		{"a refusal", func(w http.ResponseWriter, _ *http.Request) {
			unixhttp.Error(w, &guard.DependencyUnhealthyError{Dependency: "redis", State: guard.Unhealthy}, 502)
		}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStage(t, unixhttp.Rules{})
			s.answer(row.handler)
			for i := range 3 {
				s.do(t.Context(), http.MethodGet, "/x")
				s.wantFailures(t, (i+1)*row.want)
			}
			if row.want == 0 {
				return
			}
			s.do(t.Context(), http.MethodGet, "/x")
			s.do(t.Context(), http.MethodGet, "/x")
			if got := s.registry.State("api"); got != guard.Unhealthy {
				t.Fatalf("after five failures it is %s", got)
			}
			asked := s.asked.Load()
			if err := s.do(t.Context(), http.MethodGet, "/x"); !errors.Is(err, guard.ErrUnhealthy) || s.asked.Load() != asked {
				t.Errorf("%v, %d asked", err, s.asked.Load()-asked)
			}
		})
	}
}

// The outcome of a call is known when its body has been read. Who closes it before has seen nothing fail.
func TestBodyThatIsClosedEarlyIsNoFailure(t *testing.T) {
	s := newStage(t, unixhttp.Rules{})
	s.answer(cut)
	for range 10 {
		response, err := s.open(t.Context(), http.MethodGet, "/x")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		response.Body.Close()
	}
	s.wantFailures(t, 0)
}

// A caller who leaves a body that hangs has learnt nothing, and must not destroy because of it.
func TestCallerWhoLeavesABodyMarksItsScope(t *testing.T) {
	s := newStage(t, unixhttp.Rules{})
	s.answer(pieces(nil))
	ctx, cancel := context.WithCancel(guard.NewScope(t.Context()))
	response, err := s.open(ctx, http.MethodGet, "/x")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	response.Body.Close()
	s.wantFailures(t, 0)
	wantDenied(t, s.registry.AllowDestructive(context.WithoutCancel(ctx), "Terminate"), guard.ReasonScope)
}

func TestDeadlineWithinTheBodyIsAFailure(t *testing.T) {
	s := newStage(t, unixhttp.Rules{})
	s.answer(pieces(nil))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if err := s.do(ctx, http.MethodGet, "/x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	s.wantFailures(t, 1)
}

// A refusal says that the API works, and something behind it does not: its breaker stays closed, however many there are,
// but nothing is destroyed because of it.
func TestRefusalOfTheServerMarksTheScopeAndOpensNoBreaker(t *testing.T) {
	for name, refusal := range refusals(t) {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, unixhttp.Rules{})
			s.answer(func(w http.ResponseWriter, _ *http.Request) { unixhttp.Error(w, refusal, 502) })
			for range 20 {
				scope := guard.NewScope(t.Context())
				if err := s.do(scope, http.MethodGet, "/x"); errors.Is(err, guard.ErrUnhealthy) != errors.Is(refusal, guard.ErrUnhealthy) {
					t.Fatalf("%v", err)
				}
				wantDenied(t, s.registry.AllowDestructive(scope, "Terminate"), guard.ReasonScope)
			}
			if got := s.registry.State("api"); got != guard.Healthy || s.asked.Load() != 20 {
				t.Errorf("%s after %d requests", got, s.asked.Load())
			}
		})
	}
}

// The guard looks into a problem before the caller does.
func TestRefusalIsLeftToTheCaller(t *testing.T) {
	s := newStage(t, unixhttp.Rules{})
	long := `{"type":"about:blank","detail":"` + strings.Repeat("x", 200<<10) + `"}`
	s.answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(503)
		io.WriteString(w, long)
	})
	response, err := s.open(t.Context(), http.MethodGet, "/x")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if said, err := io.ReadAll(response.Body); string(said) != long || err != nil {
		t.Errorf("%d bytes of %d, %v", len(said), len(long), err)
	}
	s.wantFailures(t, 1)
}

func TestProblemThatFallsSilentIsAFailure(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	path := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(503)
		io.WriteString(w, "{")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	transport := newTransport(t, path, unixhttp.Options{HeaderTimeout: 50 * time.Millisecond})
	well := guard.WithProbe(func(context.Context) error { return nil })
	if err := unixhttp.Guard(registry, transport, unixhttp.Rules{}, guard.WithPolicy(patient), well); err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Transport: transport}).Get("http://api/")
	if err != nil {
		t.Fatal(err)
	}
	if status, ok := errors.AsType[*unixhttp.StatusError](unixhttp.Check(response)); !ok || status.Code != 503 || status.Refusal != nil {
		t.Errorf("%+v", status)
	}
	if health, _ := registry.Health("api"); health.Failures != 1 {
		t.Errorf("%d failures", health.Failures)
	}
}

func TestStaleConnectionMarksTheScopeAndOpensNoBreaker(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	transport := newTransport(t, say(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true), unixhttp.Options{})
	well := guard.WithProbe(func(context.Context) error { return nil })
	if err := unixhttp.Guard(registry, transport, unixhttp.Rules{}, guard.WithPolicy(patient), well); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: transport}
	for range 10 {
		if err := fetch(t.Context(), client, http.MethodGet); err != nil {
			t.Fatal(err)
		}
		scope := guard.NewScope(t.Context())
		if err := fetch(scope, client, http.MethodPost); !errors.Is(err, unixhttp.ErrStale) {
			t.Fatal(err)
		}
		wantDenied(t, registry.AllowDestructive(scope, "Terminate"), guard.ReasonScope)
	}
	if health, _ := registry.Health("api"); health.Failures != 0 || health.State != guard.Healthy {
		t.Errorf("%d failures, %s", health.Failures, health.State)
	}
}

// wantDenied checks that err is a denial for the given reason.
func wantDenied(t *testing.T, err error, want guard.Reason) {
	t.Helper()
	denied, ok := errors.AsType[*guard.DestructiveDeniedError](err)
	if !ok || denied.Reason != want {
		t.Fatalf("error %v, want a denial (%s)", err, want)
	}
}

func TestDeleteGoesThroughTheGateByDefault(t *testing.T) {
	s := newStage(t, unixhttp.Rules{})
	if err := s.do(guard.NewScope(t.Context()), http.MethodDelete, "/sessions/1"); err != nil {
		t.Fatal(err)
	}
	s.answer(status(500))
	s.do(guard.NewScope(t.Context()), http.MethodGet, "/sessions/2")
	s.answer(func(http.ResponseWriter, *http.Request) {})
	asked := s.asked.Load()
	for _, method := range []string{http.MethodDelete, "delete"} { // some servers take it in any case
		body := &closing{}
		request := request(t, "http://api/sessions/2")
		request.Method, request.Body = method, body
		_, err := s.Do(request.WithContext(guard.NewScope(t.Context())))
		wantDenied(t, err, guard.ReasonKey)
		if s.asked.Load() != asked || !body.closed {
			t.Errorf("%d asked, body closed %t", s.asked.Load()-asked, body.closed)
		}
	}
	if err := s.do(guard.NewScope(t.Context()), http.MethodDelete, "/sessions/3"); err != nil {
		t.Errorf("another session: %v", err)
	}
}

func TestRulesSayWhatIsDestroyedAndWhatIsShed(t *testing.T) {
	s := newStage(t, unixhttp.Rules{
		Operation: func(r *http.Request) (string, guard.Class) {
			switch {
			case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/end"):
				return "EndSession", guard.Destructive
			case r.URL.Path == "/sessions":
				return "ListSessions", guard.Heavy
			}
			return "Call", guard.Regular
		},
		Keys: func(r *http.Request) []string {
			id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/sessions/"), "/")
			return guard.Keys("session", id)
		},
		Budgets: map[string]guard.Budget{"EndSession": {Limit: 2, Window: time.Hour}},
	})
	ctx := guard.NewScope(t.Context())
	for i := range 2 {
		if err := s.do(ctx, http.MethodPost, fmt.Sprintf("/sessions/%d/end", i)); err != nil {
			t.Fatal(err)
		}
	}
	err := s.do(ctx, http.MethodPost, "/sessions/3/end")
	wantDenied(t, err, guard.ReasonBudget)
	if denied, _ := errors.AsType[*guard.DestructiveDeniedError](err); denied.Operation != "EndSession" {
		t.Errorf("%+v", denied)
	}
	if err := s.do(ctx, http.MethodDelete, "/x"); err != nil {
		t.Errorf("the rules say nothing of DELETE: %v", err)
	}
	guardtest.Fail(t, s.registry, "api", 3, io.EOF) // degraded
	if err := s.do(ctx, http.MethodGet, "/sessions"); !errors.Is(err, guard.ErrUnhealthy) {
		t.Errorf("a heavy read is not shed: %v", err)
	}
	if err := s.do(ctx, http.MethodGet, "/sessions/1"); err != nil {
		t.Errorf("a call is shed: %v", err)
	}
}

func TestKeysThatPanicDenyAndHideNoFailure(t *testing.T) {
	s := newStage(t, unixhttp.Rules{Keys: func(*http.Request) []string { panic("no such path") }})
	wantDenied(t, s.do(guard.NewScope(t.Context()), http.MethodDelete, "/sessions/1"), guard.ReasonKey)
	s.answer(status(500))
	s.do(t.Context(), http.MethodGet, "/sessions/1")
	s.wantFailures(t, 1)
}

func TestNameOfTwoClassesIsAnError(t *testing.T) {
	s := newStage(t, unixhttp.Rules{Operation: func(r *http.Request) (string, guard.Class) {
		if r.Method == http.MethodGet {
			return "Do", guard.Regular
		}
		return "Do", guard.Destructive
	}})
	if err := s.do(t.Context(), http.MethodGet, "/x"); err != nil {
		t.Fatal(err)
	}
	if err := s.do(t.Context(), http.MethodDelete, "/x"); err == nil || !strings.Contains(err.Error(), "operation Do") || s.asked.Load() != 1 {
		t.Errorf("%v, %d asked", err, s.asked.Load())
	}
}

// Names that vary, against what Rules says, share one operation each class: nothing grows without bound.
func TestNamesThatVaryShareAnOperation(t *testing.T) {
	s := newStage(t, unixhttp.Rules{Operation: func(r *http.Request) (string, guard.Class) {
		if r.Method == http.MethodDelete {
			return r.Method + r.URL.Path, guard.Destructive
		}
		return r.Method + r.URL.Path, guard.Regular
	}})
	for i := range 400 {
		if err := s.do(t.Context(), http.MethodGet, fmt.Sprintf("/x/%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 11 { // the budget of ten, for all
		err := s.do(t.Context(), http.MethodDelete, fmt.Sprintf("/x/%d", i))
		if i < 10 && err != nil {
			t.Fatal(err)
		}
		if i == 10 {
			wantDenied(t, err, guard.ReasonBudget)
		}
	}
}

func TestRetryAfterIsHeeded(t *testing.T) {
	s := newStage(t, unixhttp.Rules{}, guard.WithPolicy(func(p *guard.Policy) {
		p.Backoff = guard.Backoff{Min: time.Second, Max: time.Hour}
	}))
	s.answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(503)
	})
	for range 5 {
		s.do(t.Context(), http.MethodGet, "/x")
	}
	if got := s.health().Backoff; got < 599*time.Second || got > 600*time.Second {
		t.Errorf("the breaker opens for %s", got)
	}
}

func TestUpgradedConnectionIsLeftAlone(t *testing.T) {
	s := newStage(t, unixhttp.Rules{})
	s.answer(func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		line, _ := buffered.ReadString('\n')
		io.WriteString(conn, line)
	})
	request := request(t, "http://api/")
	request.Method = http.MethodGet
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", "echo")
	response, err := s.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	conn, ok := response.Body.(io.ReadWriteCloser)
	if !ok {
		t.Fatalf("the body is a %T", response.Body)
	}
	io.WriteString(conn, "hello\n")
	if said, err := io.ReadAll(conn); string(said) != "hello\n" {
		t.Errorf("%q, %v", said, err)
	}
	s.wantFailures(t, 0)
}

func TestWrongUseIsAnErrorThatSaysWhatToDo(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	fresh := func() *unixhttp.Transport { return newTransport(t, socket(t), unixhttp.Options{}) }
	guarded, closed := fresh(), fresh()
	well := guard.WithProbe(func(context.Context) error { return nil })
	if err := unixhttp.Guard(registry, guarded, unixhttp.Rules{}, well); err != nil {
		t.Fatal(err)
	}
	closed.Close()
	over := guard.NewHealthRegistry()
	over.Close()
	for _, row := range []struct {
		name      string
		registry  *guard.HealthRegistry
		transport *unixhttp.Transport
		rules     unixhttp.Rules
		option    guard.Option
		want      string
	}{
		{"no registry", nil, fresh(), unixhttp.Rules{}, nil, "unixhttp: the registry is nil: make one with guard.NewHealthRegistry"},
		{"no transport", registry, nil, unixhttp.Rules{}, nil, "unixhttp: the transport is nil: make one with unixhttp.NewTransport"},
		{"a closed transport", registry, closed, unixhttp.Rules{}, nil, "closed: guard it before"},
		{"a closed registry", over, fresh(), unixhttp.Rules{}, nil, "registry is closed"},
		{"twice", registry, guarded, unixhttp.Rules{}, nil, `guarded already, as "api": guard it once`},
		{"twice, under another name", registry, guarded, unixhttp.Rules{Name: "other"}, nil, `guarded already, as "api"`},
		{"two registries", guardtest.NewRegistry(t), guarded, unixhttp.Rules{}, nil, `guarded already, as "api" in another registry: a program has one registry`},
		{"a probe without a path", registry, fresh(), unixhttp.Rules{Probe: "healthz"}, nil, "one that begins with a slash"},
		{"a probe that is no path", registry, fresh(), unixhttp.Rules{Probe: "/%zz"}, nil, "the path of the probe"},
		{"a name", registry, fresh(), unixhttp.Rules{Name: "The API"}, nil, "want a name of lower-case letters"},
		{"two policies", registry, fresh(), unixhttp.Rules{}, guard.WithPolicy(patient), "two policies"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := unixhttp.Guard(row.registry, row.transport, row.rules, row.option)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v, want %q", err, row.want)
			}
		})
	}
	registry.Close()
	if _, err := (&http.Client{Transport: guarded}).Get("http://api/"); !errors.Is(err, guard.ErrClosed) {
		t.Errorf("after the registry's end: %v", err)
	}
}

// After a generated wrapper, Guard shares its policy and keeps its probe.
func TestGuardSharesWhatIsRegistered(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	var probes atomic.Int64
	probe := func(context.Context) error { probes.Add(1); return nil }
	if _, err := registry.Dependency("api", guard.Policy{Threshold: guard.Threshold{Failures: 2}}, guard.WithPolicy(patient), guard.WithProbe(probe)); err != nil {
		t.Fatal(err)
	}
	transport := newTransport(t, socket(t), unixhttp.Options{})
	if err := unixhttp.Guard(registry, transport, unixhttp.Rules{}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		(&http.Client{Transport: transport}).Get("http://api/")
	}
	if got := registry.State("api"); got != guard.Unhealthy {
		t.Errorf("%s after two failures", got)
	}
	if registry.Probe(t.Context(), "api") != nil || probes.Load() == 0 {
		t.Error("the probe was replaced")
	}
}
