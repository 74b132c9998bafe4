package main

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/guardgen/guardgen/annotations"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

func TestEachFieldOfTheJSONIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/inventory.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []any{client{}, method{}, line{}} {
		for field := range reflect.TypeOf(of).Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.IsExported() && !strings.Contains(string(page), "| `"+name+"` |") {
				t.Errorf("docs/inventory.md does not know %s of %T", name, of)
			}
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
	if got := budget(annotations.Budget{Limit: allowed, Window: window}); got != defaultBudget {
		t.Errorf("the runtime has %s, list says %s", got, defaultBudget)
	}
}
