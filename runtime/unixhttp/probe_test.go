package unixhttp_test

import (
	"context"
	"errors"
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

func TestOnlyA2xxIsHealth(t *testing.T) {
	large := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", n)) }
	}
	for _, row := range []struct {
		name    string
		handler http.HandlerFunc
		want    string // "" for health
	}{
		{"200", large(2), ""},
		{"204", status(204), ""},
		{"a long answer", large(64 << 10), ""},
		{"too long an answer", large(64<<10 + 1), "larger than 64 KiB"},
		{"301", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", 301) }, "answered 301: want 2xx"},
		{"404", status(404), "GET /healthz answered 404: no"},
		{"503", status(503), "GET /healthz answered 503: no"},
		{"cut", cut, "unexpected EOF"},
		{"silent", pieces(nil), "context deadline exceeded"},
		{"hung", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "context deadline exceeded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			check, err := newTransport(t, serve(t, row.handler), unixhttp.Options{}).Probe("/healthz")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			err = check(ctx)
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("%v, want %q", err, row.want)
			}
			if row.want != "" && unixhttp.Classify(t.Context(), err) != guard.OutcomeFailure {
				t.Errorf("%v is no failure", err)
			}
		})
	}
}

// A probe takes a connection of its own, and leaves none behind.
func TestProbeHasAConnectionOfItsOwn(t *testing.T) {
	var connections counted
	path := socket(t)
	serveAt(t, counting{listen(t, "unix", path), &connections}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "localhost" {
			t.Errorf("the host is %s", r.Host)
		}
	}))
	check, err := newTransport(t, path, unixhttp.Options{}).Probe("/healthz?deep=1")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if made := connections.made.Load(); made != 5 {
		t.Errorf("%d connections", made)
	}
	wantSoon(t, "open connections", 0, connections.open.Load)
}

func TestProbePassesOnWhatItIsAskedToWait(t *testing.T) {
	check, err := newTransport(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(503)
	}), unixhttp.Options{}).Probe("/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if wait := waitOf(check(t.Context())); wait <= 29*time.Second || wait > 30*time.Second {
		t.Errorf("retry after %s", wait)
	}
}

// A server that was restarted is noticed by the header, and the gate is shut.
func TestRestartedServerIsRecognised(t *testing.T) {
	var boot atomic.Value
	boot.Store("first")
	registry := guardtest.NewRegistry(t)
	path := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if id := boot.Load().(string); id != "" {
			w.Header().Set("X-Boot-Id", id)
		}
	})
	transport := newTransport(t, path, unixhttp.Options{})
	generation, err := transport.Generation("/healthz", "x-boot-id")
	if err != nil {
		t.Fatal(err)
	}
	if err := unixhttp.Guard(registry, transport, unixhttp.Rules{}, guard.WithPolicy(patient), guard.WithGeneration(generation)); err != nil {
		t.Fatal(err)
	}
	if err := registry.AllowDestructive(t.Context(), "Terminate"); err != nil {
		t.Fatal(err)
	}
	boot.Store("second")
	wantDenied(t, registry.AllowDestructive(t.Context(), "Terminate"), guard.ReasonRecovering)
	boot.Store("")
	if _, err := generation(t.Context()); err == nil || !strings.Contains(err.Error(), "without the header x-boot-id") {
		t.Errorf("%v", err)
	}
}

func TestProbeOfAMissingServerNamesTheCause(t *testing.T) {
	transport := newTransport(t, socket(t), unixhttp.Options{})
	check, err := transport.Probe("/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if err := check(t.Context()); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if _, err := transport.Generation("healthz", "x"); err == nil {
		t.Error("a path without a slash is taken")
	}
}

// wantSoon waits until a number is what it should be.
func wantSoon(t testing.TB, what string, want int64, get func() int64) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for tick := time.NewTicker(time.Millisecond); ; {
		got := get()
		if got == want {
			tick.Stop()
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: %d, want %d", what, got, want)
		}
	}
}
