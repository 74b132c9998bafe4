package guard

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTwoPoliciesForOneNameNameBoth(t *testing.T) {
	other := func(context.Context, error) Outcome { return OutcomeFailure }
	rows := map[string]struct {
		change func(*Policy)
		ours   string
		theirs string
	}{
		"optional":       {func(p *Policy) { p.Optional = true }, "optional=false", "optional=true"},
		"threshold":      {func(p *Policy) { p.Threshold.Failures = 7 }, "threshold=5", "threshold=7"},
		"backoff":        {func(p *Policy) { p.Backoff = Backoff{time.Second, time.Hour} }, "backoff=1s..1m", "backoff=1s..1h"},
		"timeout":        {func(p *Policy) { p.Timeout = time.Second }, "timeout=0s", "timeout=1s"},
		"probe timeout":  {func(p *Policy) { p.ProbeTimeout = 3 * time.Second }, "probe-timeout=1s", "probe-timeout=3s"},
		"probe interval": {func(p *Policy) { p.ProbeInterval = time.Second }, "probe-interval=2s", "probe-interval=1s"},
		"max age":        {func(p *Policy) { p.MaxAge = 3 * time.Second }, "max-age=2s", "max-age=3s"},
		"hold":           {func(p *Policy) { p.Hold = 2 * time.Minute }, "hold=1m", "hold=2m"},
		"reconnect":      {func(p *Policy) { p.Reconnect = time.Second }, "reconnect=0s", "reconnect=1s"},
		"quiet":          {func(p *Policy) { p.Quiet = 2 * time.Second }, "quiet=1s", "quiet=2s"},
		"classify":       {func(p *Policy) { p.Classify = other }, "classify=one function", "classify=another"},
	}
	if fields := reflect.TypeFor[Policy]().NumField(); len(rows) != fields {
		t.Errorf("%d rows for %d fields of Policy", len(rows), fields)
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			r := NewHealthRegistry()
			defer r.Close()
			spec := Spec{Interface: "a.Cache", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}}}
			if _, err := NewWrapper(r, spec, &client{}, answers); err != nil {
				t.Fatal(err)
			}
			spec.Interface = "b.Queue"
			row.change(&spec.Policy)
			_, err := NewWrapper(r, spec, &client{}, answers)
			wantMentions(t, err, `"redis"`, "a.Cache says ", row.ours+",", "b.Queue says ", row.theirs+";")
			if d := r.dependencies["redis"]; len(d.methods) != 1 {
				t.Error("the refused wrapper has left its methods")
			}
		})
	}
}

func TestDefaultsWrittenOutAreTheSamePolicy(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	first, err := r.Dependency("redis", Policy{}, WithProbe(answers))
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.Dependency("redis", Policy{Threshold: Threshold{Failures: 5}, Hold: time.Minute, Classify: Classify})
	if err != nil {
		t.Fatal(err)
	}
	if first != again || first.Name() != "redis" {
		t.Error("the dependency is not shared")
	}
}

func TestNamedRegistersASecondInstance(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis").fail(5)
		spec := Spec{Interface: "test.redis", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}}}
		eu, err := NewWrapper(w.HealthRegistry, spec, &client{}, answers, Named("redis-eu"))
		if err != nil {
			t.Fatal(err)
		}
		if !eu.Method("Get").Begin(t.Context()).Admitted() {
			t.Error("the second instance shares the breaker of the first")
		}
		w.wantState("redis", Unhealthy)
		w.wantState("redis-eu", Unknown)
		if spec.Dependency != "redis" {
			t.Error("Named changed the Spec")
		}
	})
}

func TestWithPolicyBeatsTheAnnotation(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	d, err := r.Dependency("redis", Policy{Hold: time.Minute, Quiet: time.Second}, WithProbe(answers), WithPolicy(func(p *Policy) {
		p.Hold = 2 * time.Minute
	}))
	if err != nil {
		t.Fatal(err)
	}
	if d.policy.Hold != 2*time.Minute || d.policy.Quiet != time.Second {
		t.Errorf("hold %s, quiet %s", d.policy.Hold, d.policy.Quiet)
	}
	_, err = r.Dependency("api", Policy{}, WithProbe(answers), WithPolicy(func(p *Policy) { p.Hold = -1 }))
	wantMentions(t, err, "hold", "negative")
}

func TestWithMethodBeatsTheAnnotation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Drop", Class: Destructive, Budget: NoBudget}}}
		wrapper, err := NewWrapper(w.HealthRegistry, spec, &client{}, answers, WithMethod("Drop", func(m *MethodSpec) {
			m.Budget = Budget{1, time.Minute}
		}))
		if err != nil {
			t.Fatal(err)
		}
		drop := wrapper.Method("Drop")
		first := drop.Ask(t.Context())
		if !first.Admitted() {
			t.Fatal(first.Settle(t.Context(), nil))
		}
		first.Succeeded(nil)
		second := drop.Ask(t.Context())
		if second.Admitted() {
			t.Fatal("the budget of 1 was not set")
		}
		wantDenied(t, second.Settle(t.Context(), nil), ReasonBudget)
		if spec.Methods[0].Budget != NoBudget {
			t.Error("WithMethod changed the Spec, which wrappers share")
		}
		_, err = NewWrapper(w.HealthRegistry, spec, &client{}, answers, WithMethod("Delete", func(*MethodSpec) {}))
		wantMentions(t, err, "test.Store has no guarded method Delete")
	})
}

func TestInvalidMethodsAreRefused(t *testing.T) {
	rows := map[string]struct {
		method MethodSpec
		say    string
	}{
		"timeout":  {MethodSpec{Name: "Watch", Timeout: -time.Second}, "method Watch: timeout=-1s"},
		"outlives": {MethodSpec{Name: "Watch", Outlives: true}, "method Watch: its result outlives the call"},
		"its own":  {MethodSpec{Name: "Watch", Outlives: true, Timeout: time.Second}, "timeout=1s would cut it; give it timeout=none"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			r := NewHealthRegistry()
			defer r.Close()
			spec := Spec{Interface: "test.Store", Dependency: "redis", Policy: Policy{Timeout: 2 * time.Second}, Methods: []MethodSpec{row.method}}
			_, err := NewWrapper(r, spec, &client{}, answers)
			wantMentions(t, err, row.say)
			spec.Methods[0].Timeout = NoTimeout
			if _, err := NewWrapper(r, spec, &client{}, answers); err != nil {
				t.Errorf("with NoTimeout: %v", err)
			}
		})
	}
}

func TestNothingToWrapIsAnError(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	spec := Spec{Interface: "test.Store", Dependency: "redis"}
	var typed *client
	var asInterface error = (*DependencyUnhealthyError)(nil)
	for name, nothing := range map[string]any{
		"nil": nil, "typed nil": typed, "nil in an interface": asInterface, "nil func": (func())(nil),
	} {
		_, err := NewWrapper(r, spec, nothing, answers)
		if err == nil || !strings.Contains(err.Error(), "test.Store to wrap is nil") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, known := r.Health("redis"); known {
		t.Error("it was registered all the same")
	}
	if _, err := NewWrapper(r, spec, struct{}{}, answers); err != nil {
		t.Errorf("a client without pointer: %v", err)
	}
}

func TestNilRegistryIsAnError(t *testing.T) {
	_, err := NewWrapper(nil, Spec{Interface: "test.Store", Dependency: "redis"}, &client{}, answers)
	wantMentions(t, err, "registry is nil", "NewHealthRegistry", "test.Store")
	var r *HealthRegistry
	_, err = r.Dependency("redis", Policy{})
	wantMentions(t, err, "registry is nil", "NewHealthRegistry")
	r.Close() // as a deferred call of a failed start does
	_, err = Call(t.Context(), nil, func(context.Context) (int, error) { return 1, nil })
	wantMentions(t, err, "nil dependency", "HealthRegistry.Dependency")
}

func TestMissingProbeIsAnErrorWhereOneIsNeeded(t *testing.T) {
	rows := map[string]struct {
		spec Spec
		say  string // "" if none is needed
	}{
		"critical":              {Spec{Methods: []MethodSpec{{Name: "Get"}}}, "it is critical"},
		"destructive":           {Spec{Policy: Policy{Optional: true}, Methods: []MethodSpec{{Name: "Get"}, {Name: "Drop", Class: Destructive}}}, "its method Drop is destructive"},
		"heavy only":            {Spec{Policy: Policy{Optional: true}, Methods: []MethodSpec{{Name: "List", Class: Heavy}}}, "no regular method"},
		"optional":              {Spec{Policy: Policy{Optional: true}, Methods: []MethodSpec{{Name: "List", Class: Heavy}, {Name: "Get"}}}, ""},
		"optional, all by Call": {Spec{Policy: Policy{Optional: true}}, ""},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			r := NewHealthRegistry()
			defer r.Close()
			row.spec.Interface, row.spec.Dependency = "test.Store", "redis"
			_, err := NewWrapper(r, row.spec, &client{}, nil)
			if row.say == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantMentions(t, err, `"redis" of test.Store has no probe`, row.say, "//guard:probe", "guard.WithProbe")
			if _, err := NewWrapper(r, row.spec, &client{}, nil, WithProbe(answers)); err != nil {
				t.Errorf("with WithProbe: %v", err)
			}
			if _, err := NewWrapper(r, row.spec, &client{}, nil); err != nil {
				t.Errorf("once there is a probe, another wrapper needs none: %v", err)
			}
		})
	}
}

func TestProbeOfTheNewestWrapperWins(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var asked []string
		probe := func(name string) func(context.Context) error {
			return func(context.Context) error { asked = append(asked, name); return nil }
		}
		spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}, {Name: "Drop", Class: Destructive}}}
		first, err := NewWrapper(w.HealthRegistry, spec, &client{}, probe("first"))
		if err != nil {
			t.Fatal(err)
		}
		ask := func() {
			t.Helper()
			if err := w.Probe(t.Context(), "redis"); err != nil {
				t.Fatal(err)
			}
		}
		ask()
		second, err := NewWrapper(w.HealthRegistry, spec, &client{}, probe("second"))
		if err != nil {
			t.Fatal(err)
		}
		ask()
		if _, err := NewWrapper(w.HealthRegistry, spec, &client{}, probe("annotated"), WithProbe(probe("option"))); err != nil {
			t.Fatal(err)
		}
		ask()
		if _, err := NewWrapper(w.HealthRegistry, spec, &client{}, nil); err != nil { // keeps the probe
			t.Fatal(err)
		}
		ask()
		if want := []string{"first", "second", "option", "option"}; !slices.Equal(asked, want) {
			t.Errorf("asked %v, want %v", asked, want)
		}
		if first.Method("Get") != second.Method("Get") || first.Method("Drop") != second.Method("Drop") {
			t.Error("the wrappers do not share methods, breaker and budget")
		}
		if n := len(w.sorted()); n != 1 {
			t.Errorf("%d dependencies", n)
		}
	})
}

func TestSecondWrapperWithOtherMethodOptionsIsAnError(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Drop", Class: Destructive, Budget: Budget{5, time.Minute}}}}
	if _, err := NewWrapper(r, spec, &client{}, answers); err != nil {
		t.Fatal(err)
	}
	_, err := NewWrapper(r, spec, &client{}, answers, WithMethod("Drop", func(m *MethodSpec) { m.Budget = NoBudget }))
	wantMentions(t, err, "redis/test.Store.Drop", "other options")
}

func TestSecondWrapperIsCheap(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}, {Name: "Put"}}}
	if _, err := NewWrapper(r, spec, &client{}, answers); err != nil {
		t.Fatal(err)
	}
	before := r.dependencies["redis"].engine
	if n := testing.AllocsPerRun(100, func() { _, _ = NewWrapper(r, spec, &client{}, answers) }); n > 50 {
		t.Errorf("%v allocations", n)
	}
	if r.dependencies["redis"].engine != before || len(r.dependencies["redis"].methods) != 2 {
		t.Error("it made things anew")
	}
}

func TestMethodThatTheSpecDoesNotListPanics(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	wrapper, err := NewWrapper(r, Spec{Interface: "test.Store", Dependency: "redis"}, &client{}, answers)
	if err != nil {
		t.Fatal(err)
	}
	wantPanic(t, "lists no method Get", func() { wrapper.Method("Get") })
}

func TestNilOptionIsPassedOver(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	if _, err := r.Dependency("redis", Policy{}, nil, WithProbe(answers)); err != nil {
		t.Error(err)
	}
}

func TestUnknownNamesAreErrorsThatListTheKnownOnes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis")
		for name, err := range map[string]error{
			"SetState":      w.SetState("reddis", Healthy, "test"),
			"RecordSuccess": w.RecordSuccess("reddis"),
			"RecordFailure": w.RecordFailure("reddis", errDown),
			"Isolate":       w.Isolate("reddis", "test"),
			"Restore":       w.Restore("reddis"),
			"Probe":         w.Probe(t.Context(), "reddis"),
			"WaitHealthy":   w.WaitHealthy(t.Context(), "reddis"),
		} {
			if !errors.Is(err, ErrUnknownDependency) {
				t.Errorf("%s: %v", name, err)
			}
			wantMentions(t, err, `"reddis"`, `"redis"`)
		}
	})
}

func TestInterfacesThatShareANameShareABreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		topics := w.guard("redis")
		cache := w.guard("redis", func(s *Spec) { s.Interface = "test.Cache" })
		topics.fail(3)
		cache.fail(2)
		for name, g := range map[string]*guarded{"topics": topics, "cache": cache} {
			if err := g.Get(t.Context()); !errors.Is(err, ErrUnhealthy) {
				t.Errorf("%s: %v, want both refused after 3 + 2 failures", name, err)
			}
		}
	})
}

func TestNilOptionsAreNone(t *testing.T) {
	r := NewHealthRegistry(nil, WithLogger(slog.New(slog.DiscardHandler)))
	defer r.Close()
	spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}}}
	if _, err := NewWrapper(r, spec, &client{}, answers, nil, WithPolicy(nil), WithProbe(nil)); err != nil {
		t.Fatal(err)
	}
	d, err := r.Dependency("redis", Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Call(t.Context(), d, func(context.Context) (int, error) { return 1, nil }, nil); err != nil {
		t.Error(err)
	}
}

func TestRequiredNameThatNobodyCanRegisterPanics(t *testing.T) {
	wantPanic(t, "Redis", func() { NewHealthRegistry(Requires("Redis")) })
	wantPanic(t, "unknown mode", func() { NewHealthRegistry(WithMode(9)) })
}

func TestMethodListedTwiceRegistersNothing(t *testing.T) {
	r := NewHealthRegistry(WithLogger(slog.New(slog.DiscardHandler)))
	defer r.Close()
	spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}, {Name: "Get", Class: Heavy}}}
	if _, err := NewWrapper(r, spec, &client{}, answers); err == nil || !strings.Contains(err.Error(), "Get is listed twice") {
		t.Errorf("error = %v", err)
	}
	if _, known := r.Health("redis"); known {
		t.Error("it was registered all the same")
	}
}

func TestOperationByHandIsNotAMethods(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("api"))
		_ = w.AllowDestructive(NewScope(t.Context()), "cache/test.cache.Drop") // the identity that the method will have
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		cache.fail(5)
		wantDenied(t, cache.Drop(NewScope(t.Context())), ReasonUnhealthy)
	})
}

func TestSharedPolicyIsTheKnownOneAndOptionsBehindStillChangeIt(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	spec := Spec{Interface: "a.Cache", Dependency: "redis", Methods: []MethodSpec{{Name: "Get"}}}
	if _, err := NewWrapper(r, spec, &client{}, answers, WithPolicy(func(p *Policy) { p.Hold = 2 * time.Minute })); err != nil {
		t.Fatal(err)
	}
	spec.Interface, spec.Policy.MaxAge = "b.Queue", time.Minute
	if _, err := NewWrapper(r, spec, &client{}, answers, SharePolicy()); err != nil {
		t.Error(err)
	}
	_, err := NewWrapper(r, spec, &client{}, answers, SharePolicy(), WithPolicy(func(p *Policy) { p.Hold = time.Hour }))
	wantMentions(t, err, "hold=2m", "hold=1h")
	if _, err := NewWrapper(r, spec, &client{}, answers, Named("other"), SharePolicy()); err != nil {
		t.Error(err)
	}
	if got := r.dependencies["other"].policy.MaxAge; got != time.Minute {
		t.Errorf("max-age=%s of a dependency that was not known, want that of the annotations", got)
	}
}
