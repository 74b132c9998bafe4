package guard

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestOperationsAreAllThatIsProtected(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		if all := w.Operations(); len(all) != 0 {
			t.Errorf("without a wrapper: %+v", all)
		}
		w.guard("redis", budget(Budget{20, time.Minute}))
		w.guard("api")
		_ = w.AllowDestructive(t.Context(), "purge")
		_ = w.AllowDestructive(t.Context(), "Archive")
		_ = w.AllowDestructive(t.Context(), "Drop") // of the same name as the methods
		var got string
		for _, op := range w.Operations() {
			got += fmt.Sprintf("%s of %q, %s; ", op.Decision.Operation, op.Dependency, op.Budget)
			if !op.Decision.Known {
				t.Errorf("%s is not known", op.Decision.Operation)
			}
		}
		if want := `Archive of "", 10/1m; Drop of "", 10/1m; Drop of "api", none; Drop of "redis", 20/1m; purge of "", 10/1m; `; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	})
}

// TestOperationsSayWhatExplainDoes, in every condition of the gate that a call in a scope of its own can meet.
func TestOperationsSayWhatExplainDoes(t *testing.T) {
	for _, row := range []struct {
		name    string
		options []RegistryOption
		make    func(w *world, redis, cache *guarded)
		want    map[string]Reason
	}{
		{"unknown", nil, func(*world, *guarded, *guarded) {}, map[string]Reason{"Drop": ReasonUnproven, "Evict": ReasonUnproven, "purge": ReasonUnproven}},
		{"healthy", nil, func(w *world, redis, cache *guarded) { w.prove(redis, cache) }, map[string]Reason{}},
		{"its own is unproven", nil, func(w *world, redis, _ *guarded) { w.prove(redis) }, map[string]Reason{"Evict": ReasonUnproven}},
		{"its own is unhealthy", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			cache.fail(5)
		}, map[string]Reason{"Evict": ReasonUnhealthy}},
		{"unhealthy", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			redis.fail(5)
		}, map[string]Reason{"Drop": ReasonUnhealthy, "Evict": ReasonUnhealthy, "purge": ReasonUnhealthy}},
		{"isolated", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			_ = w.Isolate("redis", "maintenance")
		}, map[string]Reason{"Drop": ReasonIsolated, "Evict": ReasonIsolated, "purge": ReasonIsolated}},
		{"recovering", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			redis.fail(5)
			_ = w.Probe(w.t.Context(), "redis")
		}, map[string]Reason{"Drop": ReasonRecovering, "Evict": ReasonRecovering, "purge": ReasonRecovering}},
		{"held", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			redis.fail(5)
			_ = w.Probe(w.t.Context(), "redis")
			sleep(10 * time.Second)
		}, map[string]Reason{"Drop": ReasonHold, "Evict": ReasonHold, "purge": ReasonHold}},
		{"just started", []RegistryOption{WithStartHold(time.Minute)}, func(w *world, redis, cache *guarded) { w.prove(redis, cache) },
			map[string]Reason{"Drop": ReasonStart, "Evict": ReasonStart, "purge": ReasonStart}},
		{"one budget is spent", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			_ = redis.Drop(NewScope(w.t.Context()))
		}, map[string]Reason{"Drop": ReasonBudget}},
		{"a required one is missing", []RegistryOption{Requires("queue")}, func(w *world, redis, cache *guarded) { w.prove(redis, cache) },
			map[string]Reason{"Drop": ReasonUnknownDependency, "Evict": ReasonUnknownDependency, "purge": ReasonUnknownDependency}},
		{"observed", []RegistryOption{WithMode(Observe)}, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			_ = w.SetMode(Enforce, "Evict")
			_ = w.Isolate("cache", "broken")
		}, map[string]Reason{"Evict": ReasonIsolated}},
		{"closed", nil, func(w *world, redis, cache *guarded) {
			w.prove(redis, cache)
			w.Close()
		}, map[string]Reason{"Drop": ReasonRegistryClosed, "Evict": ReasonRegistryClosed, "purge": ReasonRegistryClosed}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				_ = w.AllowDestructive(t.Context(), "purge")
				quiet := policy(func(p *Policy) { p.ProbeInterval, p.MaxAge = time.Hour, 2*time.Hour })
				redis := w.guard("redis", quiet, budget(Budget{1, time.Hour}))
				cache := w.guard("cache", quiet, policy(func(p *Policy) { p.Optional = true }), func(s *Spec) {
					s.Methods[2].Name = "Evict"
				})
				row.make(w, redis, cache)
				_, probes := redis.count()
				for range 10 {
					for _, op := range w.Operations() {
						if op.Decision.Reason != row.want[op.Decision.Operation] {
							t.Errorf("%+v, want %q", op.Decision, row.want[op.Decision.Operation])
						}
						if want := w.Explain(NewScope(t.Context()), op.Decision.Operation); op.Decision != want {
							t.Errorf("%+v, and Explain says %+v", op.Decision, want)
						}
					}
				}
				if _, n := redis.count(); n != probes {
					t.Errorf("%d probes ran for those who ask", n-probes)
				}
			}, row.options...)
		})
	}
}

func TestOperationsTakeNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", budget(Budget{1, time.Hour}), policy(func(p *Policy) { p.ProbeInterval = time.Hour }))
		for range 100 {
			if d := w.Operations()[0].Decision; d.Allowed || d.Reason != ReasonUnproven {
				t.Fatalf("unknown: %+v", d)
			}
		}
		w.prove(g)
		for range 100 {
			if d := w.Operations()[0].Decision; !d.Allowed {
				t.Fatalf("healthy: %+v", d)
			}
		}
		if _, probes := g.count(); probes != 0 || len(w.Denials()) != 0 {
			t.Errorf("%d probes, denials %v", probes, w.Denials())
		}
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestDecisionCrossesASocket(t *testing.T) {
	for _, d := range []Decision{
		{},
		{Operation: "Drop", Known: true, Allowed: true},
		{Operation: "Drop", Known: true, Reason: ReasonBudget, Detail: "budget spent: 20/1m", RetryAfter: 12 * time.Second, Mode: Observe},
		{
			Operation: "Drop", Known: true, Reason: ReasonKey, Detail: "a call to redis about topic:news failed", Dependency: "redis", Key: "topic:news",
			RetryAfter: 90*time.Minute + 1500*time.Millisecond,
		},
	} {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		got := Decision{Operation: "old", RetryAfter: time.Hour, Mode: Observe} // all of it is replaced
		if err := json.Unmarshal(text, &got); err != nil || got != (d) {
			t.Errorf("%+v became %+v: %v", d, got, err)
		}
		operation := Operation{Decision: d, Dependency: "redis", Budget: "20/1m"}
		if text, err = json.Marshal(operation); err != nil {
			t.Fatal(err)
		}
		var back Operation
		if err := json.Unmarshal(text, &back); err != nil || back != operation {
			t.Errorf("%+v became %+v: %v", operation, back, err)
		}
	}
	for _, text := range []string{`[]`, `{"retry_after_s":"12"}`, `{"mode":"sleep"}`, `{`} {
		var d Decision
		if err := json.Unmarshal([]byte(text), &d); err == nil {
			t.Errorf("%s is read as %+v", text, d)
		}
	}
}
