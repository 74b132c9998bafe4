package guardtest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is an interface as a service would have it.
type store interface {
	Ping(ctx context.Context) error
	Get(ctx context.Context, id string, more ...string) (string, error)
	Delete(ctx context.Context, id string) error
	All(ctx context.Context) iter.Seq2[string, error]
	Len() int
}

// fake answers everything.
type fake struct{}

func (fake) Ping(context.Context) error { return nil }
func (fake) Get(_ context.Context, id string, more ...string) (string, error) {
	return "value of " + id + strings.Join(more, "+"), nil
}
func (fake) Delete(context.Context, string) error { return nil }
func (fake) All(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { _ = yield("a", nil) && yield("b", nil) }
}
func (fake) Len() int { return 7 }

// wrapper is what guardgen would write, with a place to break it.
type wrapper struct {
	next                   store
	ping, get, delete, all *guard.Method
	broken                 string
}

func wrap(broken string) func(*guard.HealthRegistry, store) (store, error) {
	return func(r *guard.HealthRegistry, next store) (store, error) {
		w, err := guard.NewWrapper(r, guard.Spec{
			Interface: "guardtest.store", Dependency: "store",
			Policy:  guard.Policy{Hold: time.Second},
			Methods: []guard.MethodSpec{{Name: "Ping"}, {Name: "Get"}, {Name: "Delete", Class: guard.Destructive}, {Name: "All"}},
		}, next, func(ctx context.Context) error { return next.Ping(ctx) })
		if err != nil {
			return nil, err
		}
		return &wrapper{next, w.Method("Ping"), w.Method("Get"), w.Method("Delete"), w.Method("All"), broken}, nil
	}
}

func (w *wrapper) Ping(ctx context.Context) (err error) {
	call := w.ping.Begin(ctx)
	if call.Admitted() {
		err = w.next.Ping(call.Context(ctx))
		if call.Succeeded(err) {
			return err
		}
	}
	return call.Settle(ctx, err)
}

func (w *wrapper) Get(ctx context.Context, id string, more ...string) (value string, err error) {
	if w.broken == "drops an argument" {
		more = nil
	}
	call := w.get.Begin(ctx)
	if call.Admitted() {
		value, err = w.next.Get(call.Context(ctx), id, more...)
		if call.Succeeded(err) {
			return value, err
		}
	}
	if w.broken == "returns a value when refused" {
		value = "stale"
	}
	return value, call.Settle(ctx, err)
}

func (w *wrapper) Delete(ctx context.Context, id string) (err error) {
	if w.broken == "passes unguarded" {
		return w.next.Delete(ctx, id)
	}
	call := w.delete.Ask(ctx)
	if call.Admitted() {
		err = w.next.Delete(call.Context(ctx), id)
		if call.Succeeded(err) {
			return err
		}
	}
	return call.Settle(ctx, err)
}

func (w *wrapper) All(ctx context.Context) iter.Seq2[string, error] {
	if w.broken == "iterates unguarded" {
		return w.next.All(ctx)
	}
	return func(yield func(string, error) bool) {
		call := w.all.Begin(ctx)
		if !call.Admitted() {
			yield("", call.Settle(ctx, nil))
			return
		}
		if w.broken == "loses what is yielded" {
			yield = func(string, error) bool { return true }
		}
		if err := guard.Range(w.next.All(call.Context(ctx)), yield); !call.Succeeded(err) {
			call.Settle(ctx, err)
		}
	}
}

func (w *wrapper) Len() int { return w.next.Len() }

func TestConformAcceptsAGeneratedWrapper(t *testing.T) {
	guardtest.Conform(t, store(fake{}), wrap(""), guardtest.Unguarded("Len"), guardtest.Arguments("Get", "a", "b", "c"))
}

func TestConformFindsWhatIsBroken(t *testing.T) {
	for broken, want := range map[string]string{
		"drops an argument":            "Get in health: got [value of a <nil>], the client returns [value of ab+c <nil>]",
		"returns a value when refused": "Get in an outage: a refused call returned a value",
		"passes unguarded":             "Delete in an outage: it was not refused",
		"loses what is yielded":        "All in health: got [[]], the client returns [[a <nil> b <nil>]]",
		"iterates unguarded":           "All in an outage: a refused call returned a value",
	} {
		t.Run(broken, func(t *testing.T) {
			r := &recorder{TB: t}
			guardtest.Conform(r, store(fake{}), wrap(broken), guardtest.Unguarded("Len"), guardtest.Arguments("Get", "a", "b", "c"))
			if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], want) {
				t.Errorf("found %q, want %q", r.errors, want)
			}
		})
	}
	t.Run("an unguarded method that nobody named", func(t *testing.T) {
		r := &recorder{TB: t}
		guardtest.Conform(r, store(fake{}), wrap(""))
		if len(r.errors) != 1 || !strings.HasPrefix(r.errors[0], "Len in an outage") {
			t.Errorf("found %q", r.errors)
		}
	})
}

// recorder is a test that keeps its errors to itself.
type recorder struct {
	testing.TB

	errors []string
}

func (r *recorder) Errorf(format string, arguments ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, arguments...))
}

func TestOutageRefusesAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry := guardtest.NewRegistry(t)
		s, err := wrap("")(registry, fake{})
		if err != nil {
			t.Fatal(err)
		}
		if state := registry.State("store"); state != guard.Healthy {
			t.Errorf("state %s after registration", state)
		}
		guardtest.Prove(t, registry)
		if err := s.Delete(t.Context(), "a"); err != nil {
			t.Errorf("denied in health: %v", err)
		}
		end := guardtest.Outage(t, registry, "store")
		if _, err := s.Get(t.Context(), "a"); !errors.Is(err, guard.ErrUnhealthy) {
			t.Errorf("call in an outage: %v", err)
		}
		if err := s.Delete(t.Context(), "a"); !errors.Is(err, guard.ErrDestructiveDenied) {
			t.Errorf("destructive call in an outage: %v", err)
		}
		end()
		if _, err := s.Get(t.Context(), "a"); err != nil {
			t.Errorf("call after the outage: %v", err)
		}
		if err := s.Delete(t.Context(), "a"); !errors.Is(err, guard.ErrDestructiveDenied) {
			t.Errorf("destructive call within hold: %v", err)
		}
		time.Sleep(10 * time.Second)
		if err := s.Delete(t.Context(), "a"); err != nil {
			t.Errorf("destructive call after hold: %v", err)
		}
	})
}

func TestFailOpensTheBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry := guardtest.NewRegistry(t)
		if _, err := wrap("")(registry, fake{}); err != nil {
			t.Fatal(err)
		}
		guardtest.Fail(t, registry, "store", 5, errors.New("connection refused"))
		if state := registry.State("store"); state != guard.Unhealthy {
			t.Errorf("state %s", state)
		}
		time.Sleep(5 * time.Second)
		if state := registry.State("store"); state != guard.Healthy {
			t.Errorf("state %s: the probe did not heal it", state)
		}
	})
}
