package unixhttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// sessions is a wrapper as guardgen writes it, above a guarded transport.
type sessions struct {
	*stage

	get, end *guard.Method
}

// classifyOwn knows the errors of a client of its own, and none of ours.
func classifyOwn(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }

func newSessions(t *testing.T, rules unixhttp.Rules) *sessions {
	t.Helper()
	s := &sessions{stage: &stage{registry: guardtest.NewRegistry(t)}}
	spec := guard.Spec{Interface: "test.Sessions", Dependency: "api", Methods: []guard.MethodSpec{
		{Name: "Get"}, {Name: "End", Class: guard.Destructive, Budget: guard.NoBudget},
	}}
	patient(&spec.Policy)
	spec.Policy.Classify = classifyOwn
	wrapper, err := guard.NewWrapper(s.registry, spec, s, func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	s.get, s.end = wrapper.Method("Get"), wrapper.Method("End")
	transport := newTransport(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		(*s.handler.Load())(w, r)
	}), unixhttp.Options{})
	s.answer(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	if err := unixhttp.Guard(s.registry, transport, rules); err != nil {
		t.Fatal(err)
	}
	s.Client = &http.Client{Transport: transport}
	return s
}

// call runs f as a call of the wrapper.
func (s *sessions) call(ctx context.Context, m *guard.Method, f func(context.Context) error) (err error) {
	attempt := m.Begin(ctx)
	if m == s.end {
		attempt = m.Ask(ctx, "session:1")
	}
	if attempt.Admitted() {
		err = f(attempt.Context(ctx))
		if attempt.Succeeded(err) {
			return err
		}
	}
	return attempt.Settle(ctx, err, "session:1")
}

func TestFailureBelowAWrapperCountsOnce(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{"500": status(500), "aborted": func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}, "cut": cut} {
		t.Run(name, func(t *testing.T) {
			s := newSessions(t, unixhttp.Rules{})
			s.answer(handler)
			for i := range 4 {
				if err := s.call(t.Context(), s.get, func(ctx context.Context) error { return s.do(ctx, http.MethodGet, "/x") }); err == nil {
					t.Fatal("it did not fail")
				}
				s.wantFailures(t, i+1)
			}
			s.do(t.Context(), http.MethodGet, "/x") // round the wrapper
			if got := s.registry.State("api"); got != guard.Unhealthy {
				t.Errorf("%s after five failures", got)
			}
		})
	}
}

// A body may last longer than the call that returned it: nobody but the transport sees how it ends then.
func TestBodyThatOutlivesTheWrappersCallIsAccountedFor(t *testing.T) {
	s := newSessions(t, unixhttp.Rules{})
	s.answer(cut)
	for i := range 3 {
		var response *http.Response
		err := s.call(t.Context(), s.get, func(ctx context.Context) (err error) {
			response, err = s.open(ctx, http.MethodGet, "/x")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err == nil {
			t.Fatal("it was not cut")
		}
		response.Body.Close()
		if health := s.health(); health.Failures != 1 || health.LastError == nil {
			t.Errorf("call %d: %d failures, %v", i, health.Failures, health.LastError)
		}
	}
}

// What the wrapper's gate let pass passes the transport's, once, and costs its budget nothing.
func TestPermitOfTheWrapperPassesOneRequest(t *testing.T) {
	s := newSessions(t, unixhttp.Rules{Budgets: map[string]guard.Budget{http.MethodDelete: {Limit: 1, Window: time.Hour}}})
	one := func(ctx context.Context) error { return s.do(ctx, http.MethodDelete, "/sessions/1") }
	for range 5 {
		if err := s.call(t.Context(), s.end, one); err != nil {
			t.Fatal(err)
		}
	}
	two := func(ctx context.Context) error { return errors.Join(one(ctx), one(ctx)) }
	if err := s.call(t.Context(), s.end, two); err != nil {
		t.Fatal(err)
	}
	asked := s.asked.Load()
	wantDenied(t, s.call(t.Context(), s.end, two), guard.ReasonBudget) // the second is asked about
	wantDenied(t, one(guard.NewScope(t.Context())), guard.ReasonBudget)
	hidden := s.call(guard.NewScope(t.Context()), s.get, one) // in a call that is not destructive
	wantDenied(t, hidden, guard.ReasonBudget)
	if s.asked.Load() != asked+1 {
		t.Errorf("%d requests reached the server, want 1", s.asked.Load()-asked)
	}
}

// The classifier of a wrapper's client does not know what a transport sees.
func TestTransportJudgesItsOwnErrors(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	well := guard.WithProbe(func(context.Context) error { return nil })
	policy := guard.Policy{Classify: classifyOwn}
	patient(&policy)
	if _, err := registry.Dependency("api", policy, well); err != nil {
		t.Fatal(err)
	}
	transport := newTransport(t, say(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true), unixhttp.Options{})
	if err := unixhttp.Guard(registry, transport, unixhttp.Rules{}); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: transport}
	if err := fetch(t.Context(), client, http.MethodGet); err != nil {
		t.Fatal(err)
	}
	if err := fetch(t.Context(), client, http.MethodPost); !errors.Is(err, unixhttp.ErrStale) {
		t.Fatal(err)
	}
	if health, _ := registry.Health("api"); health.Failures != 0 {
		t.Errorf("%d failures", health.Failures)
	}
}
