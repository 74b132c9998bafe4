package annotations

import (
	"context"
	"errors"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

// The runtime says in which options the policies of two that share a dependency differ.
func TestDefaultPolicyIsThatOfTheRuntime(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	if _, err := registry.Dependency("store", guard.Policy{}, guard.WithProbe(func(context.Context) error { return nil })); err != nil {
		t.Fatal(err)
	}
	d := Dependency{}.withDefaults()
	policy := guard.Policy{
		Threshold:     guard.Threshold(d.Threshold),
		Backoff:       guard.Backoff(d.Backoff),
		ProbeTimeout:  d.ProbeTimeout,
		ProbeInterval: d.ProbeInterval,
		MaxAge:        d.MaxAge,
		Hold:          d.Hold,
		Quiet:         d.Quiet,
	}
	if _, err := registry.Dependency("store", policy); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*guard.Policy){
		"threshold":      func(p *guard.Policy) { p.Threshold.Failures++ },
		"backoff":        func(p *guard.Policy) { p.Backoff.Max++ },
		"probe-timeout":  func(p *guard.Policy) { p.ProbeTimeout++ },
		"probe-interval": func(p *guard.Policy) { p.ProbeInterval-- },
		"max-age":        func(p *guard.Policy) { p.MaxAge++ },
		"hold":           func(p *guard.Policy) { p.Hold++ },
		"quiet":          func(p *guard.Policy) { p.Quiet++ },
	} {
		other := policy
		change(&other)
		if _, err := registry.Dependency("store", other); err == nil {
			t.Errorf("%s: the runtime sees no difference, so that this test proves nothing", name)
		}
	}
}

func TestDefaultBudgetIsThatOfTheRuntime(t *testing.T) {
	registry := guardtest.NewRegistry(t)
	if _, err := registry.Dependency("store", guard.Policy{}, guard.WithProbe(func(context.Context) error { return nil })); err != nil {
		t.Fatal(err)
	}
	guardtest.Prove(t, registry)
	ctx, allowed := guard.NewScope(t.Context()), 0
	for registry.AllowDestructive(ctx, "Drop", "store:42") == nil && allowed < 100 {
		allowed++
	}
	// The next is granted when the first is a window ago, which is as good as now.
	var denied *guard.DestructiveDeniedError
	err := registry.AllowDestructive(ctx, "Drop", "store:42")
	if !errors.As(err, &denied) || denied.Reason != guard.ReasonBudget {
		t.Fatalf("got %v", err)
	}
	window := denied.RetryAfter().Round(time.Minute)
	if got := (Budget{Limit: allowed, Window: window}); got != DefaultBudget {
		t.Errorf("the runtime has %s, this package %s", got, DefaultBudget)
	}
}
