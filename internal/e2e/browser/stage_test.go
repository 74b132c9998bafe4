package browser

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// dependency answers its probe, or does not.
type dependency struct {
	mu  sync.Mutex
	err error
}

func (d *dependency) ping(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

func (d *dependency) set(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
}

// stage is a service with two critical dependencies and an optional one, and its page.
type stage struct {
	registry          *guard.HealthRegistry
	redis, api, cache *dependency
	address           string // host:port of the page
	token             string
}

// policy heals within seconds, so that a test sees the end.
func policy(optional bool) guard.Policy {
	return guard.Policy{
		Optional: optional, Threshold: guard.Threshold{Failures: 3}, Backoff: guard.Backoff{Min: 4 * time.Second, Max: 4 * time.Second},
		ProbeInterval: 500 * time.Millisecond, Hold: 4 * time.Second,
	}
}

// open makes a service and serves its page until the test ends.
func open(t *testing.T, options ...guard.RegistryOption) *stage {
	t.Helper()
	s := &stage{redis: new(dependency), api: new(dependency), cache: new(dependency), token: "a token of thirty-two characters"}
	options = append([]guard.RegistryOption{guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0)}, options...)
	s.registry = guard.NewHealthRegistry(options...)
	t.Cleanup(s.registry.Close)
	for name, d := range map[string]*dependency{"redis": s.redis, "api": s.api, "cache": s.cache} {
		_, err := s.registry.Dependency(name, policy(name == "cache"), guard.WithProbe(d.ping))
		must(t, err)
		must(t, s.registry.Probe(t.Context(), name))
	}
	s.destroy("DeleteTopic", "topic:news")
	s.destroy("TerminateSession", "session:42")
	listener, err := status.Listen("127.0.0.1:0")
	must(t, err)
	s.address = listener.Addr().String()
	s.serve(t, listener)
	return s
}

// serve serves the page until the test ends, or somebody calls stop.
func (s *stage) serve(t *testing.T, listener net.Listener) (stop func()) {
	t.Helper()
	authorise, err := status.Tokens(map[string]string{"ann": s.token})
	must(t, err)
	handler := status.Handler(s.registry, status.WithService("sessiond", "1.4.2"), status.WithControl(authorise))
	mux := http.NewServeMux()
	mux.Handle("/guard/", http.StripPrefix("/guard", handler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := status.ServeListener(ctx, listener, mux); err != nil {
			t.Error(err)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// destroy asks the gate, as clean-up code does.
func (s *stage) destroy(operation string, keys ...string) error {
	return s.registry.AllowDestructive(guard.NewScope(context.Background()), operation, keys...)
}

// fail is an outage of a dependency.
func (s *stage) fail(t *testing.T, name string, d *dependency, err error) {
	t.Helper()
	d.set(err)
	for range 3 {
		must(t, s.registry.RecordFailure(name, err))
	}
}

var errRefused = errors.New("dial tcp 10.0.0.7:6379: connect: connection refused")

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ours reports whether a URL is of the page's own service, or of none.
func (s *stage) ours(url string) bool {
	return strings.HasPrefix(url, "http://"+s.address+"/guard/") || strings.HasPrefix(url, "data:") || url == "about:blank"
}
