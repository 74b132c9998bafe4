// Package guardtest helps to test a service whose clients are behind generated wrappers.
//
//	registry := guardtest.NewRegistry(t)
//	transport, err := NewGuardedTransport(registry, fake)
//	…
//	end := guardtest.Outage(t, registry, "redis")
//	err = service.CloseSession(ctx, id) // must not have destroyed anything
//	end()
//
// [Conform] checks a wrapper, method by method.
package guardtest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// patience bounds what these functions wait for; in a synctest bubble it is virtual.
const patience = 5 * time.Second

// NewRegistry returns a registry for one test: its gate has no start hold, dependencies are probed as they are registered,
// so that they are proven from the beginning if they answer, it logs to the test, and it closes itself when the test ends.
// Options are applied after these.
func NewRegistry(t testing.TB, options ...guard.RegistryOption) *guard.HealthRegistry {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var r *guard.HealthRegistry
	prove := func(name string) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		_ = r.Probe(ctx, name) // one that does not answer, or has no probe, stays unknown
	}
	own := []guard.RegistryOption{guard.WithStartHold(0), guard.WithLogger(log), guard.WithRegistered(prove)}
	r = guard.NewHealthRegistry(append(own, options...)...)
	t.Cleanup(r.Close)
	return r
}

// Prove probes every dependency of r again, and fails the test if one does not answer.
func Prove(t testing.TB, r *guard.HealthRegistry) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for health := range r.All() {
		if err := r.Probe(ctx, health.Name); err != nil {
			t.Fatalf("guardtest: %s is not proven: %v", health.Name, err)
		}
	}
}

// Outage makes a dependency unhealthy until end is called, or the test ends: its calls are refused with a
// [*guard.DependencyUnhealthyError], destructive ones denied, and probes do not heal it. The client is not touched.
// After end a probe closes the breaker; the gate opens after the policy's hold, which a test shortens with
// [guard.WithPolicy], or lets pass in a testing/synctest bubble.
func Outage(t testing.TB, r *guard.HealthRegistry, name string) (end func()) {
	t.Helper()
	if err := r.Isolate(name, "outage of a test"); err != nil {
		t.Fatalf("guardtest: %v", err)
	}
	return func() {
		t.Helper()
		if err := r.Restore(name); err != nil {
			t.Errorf("guardtest: ending the outage: %v", err)
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := r.Probe(ctx, name); err != nil {
			t.Errorf("guardtest: %s does not answer after the outage: %v", name, err)
		}
	}
}

// Fail reports n failures of a dependency, as its calls would: enough of them open the breaker, and probes heal it.
func Fail(t testing.TB, r *guard.HealthRegistry, name string, n int, failure error) {
	t.Helper()
	for range n {
		if err := r.RecordFailure(name, failure); err != nil {
			t.Fatalf("guardtest: %v", err)
		}
	}
}
