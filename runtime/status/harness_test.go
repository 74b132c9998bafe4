package status

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

var errDown = errors.New("connection refused")

// client is a dependency that a test switches: it answers, fails, or hangs for longer than it may.
type client struct {
	mu     sync.Mutex
	err    error
	hang   bool
	probes int
}

func (c *client) set(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err, c.hang = err, false
}

func (c *client) hangs() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hang = true
}

// probed is how many probes have begun.
func (c *client) probed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.probes
}

// ping is its probe.
func (c *client) ping(ctx context.Context) error {
	c.mu.Lock()
	c.probes++
	err, hang := c.err, c.hang
	c.mu.Unlock()
	if hang {
		<-ctx.Done()
		time.Sleep(time.Millisecond) // it is given up by then
		return ctx.Err()
	}
	return err
}

func (c *client) answer() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// guarded is a wrapper as guardgen writes it, around a client.
type guarded struct {
	*client

	get, drop *guard.Method
}

func (g *guarded) do(ctx context.Context, a guard.Attempt, keys []string) (err error) {
	if a.Admitted() {
		err = g.answer()
		if a.Succeeded(err) {
			return err
		}
	}
	return a.Settle(ctx, err, keys...)
}

// Get is a regular call about keys.
func (g *guarded) Get(ctx context.Context, keys ...string) error {
	return g.do(ctx, g.get.Begin(ctx), keys)
}

// Drop is a destructive call about keys.
func (g *guarded) Drop(ctx context.Context, keys ...string) error {
	return g.do(ctx, g.drop.Ask(ctx, keys...), keys)
}

// fail makes n calls fail, and heals the client.
func (g *guarded) fail(n int) {
	g.set(errDown)
	for range n {
		_ = g.Get(context.Background())
	}
	g.set(nil)
}

// world is a registry in a synctest bubble, and what serves it.
type world struct {
	*guard.HealthRegistry

	t       *testing.T
	handler *handler
}

// inWorld runs test in a bubble, with a registry whose gate has no start hold.
func inWorld(t *testing.T, test func(t *testing.T, w *world), options ...guard.RegistryOption) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, options...)
		defer w.Close()
		test(t, w)
	})
}

func newWorld(t *testing.T, options ...guard.RegistryOption) *world {
	quiet := []guard.RegistryOption{guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0)}
	w := &world{HealthRegistry: guard.NewHealthRegistry(append(quiet, options...)...), t: t}
	w.serve()
	return w
}

// serve makes the handler anew, with options.
func (w *world) serve(options ...Option) {
	w.handler = newHandler(w.HealthRegistry, options...)
	w.handler.feed.instance = "test"
}

// guard registers a client under a name. Nobody probes it for three quarters of an hour, or, once it is unhealthy, for half a
// minute.
func (w *world) guard(name string, changes ...func(*guard.Spec)) *guarded {
	w.t.Helper()
	spec := guard.Spec{
		Interface: "test." + name, Dependency: name,
		Methods: []guard.MethodSpec{{Name: "Get"}, {Name: "Drop", Class: guard.Destructive, Budget: guard.NoBudget}},
	}
	spec.Policy.ProbeInterval, spec.Policy.MaxAge = time.Hour, 2*time.Hour
	spec.Policy.Backoff = guard.Backoff{Min: time.Minute, Max: time.Minute}
	for _, change := range changes {
		change(&spec)
	}
	g := &guarded{client: &client{}}
	wrapper, err := guard.NewWrapper(w.HealthRegistry, spec, g.client, g.ping)
	if err != nil {
		w.t.Fatal(err)
	}
	g.get = wrapper.Method("Get")
	if len(spec.Methods) > 1 {
		g.drop = wrapper.Method("Drop")
	}
	return g
}

func policy(change func(*guard.Policy)) func(*guard.Spec) {
	return func(s *guard.Spec) { change(&s.Policy) }
}

// optional makes a dependency optional, and one that destroys nothing.
func optional(s *guard.Spec) {
	s.Policy.Optional = true
	s.Methods = s.Methods[:1]
}

func budget(b guard.Budget) func(*guard.Spec) {
	return func(s *guard.Spec) { s.Methods[1].Budget = b }
}

// prove makes every client of the list succeed once.
func (w *world) prove(clients ...*guarded) {
	w.t.Helper()
	for _, g := range clients {
		if err := g.Get(context.Background()); err != nil {
			w.t.Fatal(err)
		}
	}
	synctest.Wait() // until the handler knows of it
}

// ask sends a request, with headers in pairs.
func (w *world) ask(method, target, body string, header ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute) // so that a stream which nobody expects ends
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

func (w *world) get(target string, header ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.ask(http.MethodGet, target, "", header...)
}

// report is the report of the moment; what is kept of an older one is forgotten.
func (w *world) report() Report {
	w.t.Helper()
	synctest.Wait()
	w.handler.reports.forget()
	return decode[Report](w.t, w.get("/status"))
}

// decode reads an answer.
func decode[T any](t testing.TB, answer *httptest.ResponseRecorder) (value T) {
	t.Helper()
	if err := json.Unmarshal(answer.Body.Bytes(), &value); err != nil {
		t.Fatalf("%v in %d %s", err, answer.Code, answer.Body)
	}
	return value
}

func wantAnswer(t testing.TB, answer *httptest.ResponseRecorder, code int, body string) {
	t.Helper()
	if answer.Code != code || answer.Body.String() != body {
		t.Errorf("answered %d\n%s\nwant %d\n%s", answer.Code, answer.Body, code, body)
	}
}

// wantProblem checks that an answer is an error for programs.
func wantProblem(t testing.TB, answer *httptest.ResponseRecorder, code int, detail string) {
	t.Helper()
	p := decode[problem](t, answer)
	if answer.Code != code || p.Status != code || p.Title != http.StatusText(code) || !strings.Contains(p.Detail, detail) {
		t.Errorf("answered %d %+v, want %d and %q", answer.Code, p, code, detail)
	}
	if got := answer.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a problem is sent as %s", got)
	}
}

// sleep lets virtual time pass, and everything that is due happen.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
