package guard

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func answers(context.Context) error { return nil }

// wantMentions checks that err says all of words.
func wantMentions(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}

func TestZeroPolicyHasTheDefaults(t *testing.T) {
	got := Policy{}.withDefaults()
	if got.Classify == nil || reflect.ValueOf(got.Classify).Pointer() != reflect.ValueOf(Classify).Pointer() {
		t.Error("the classifier is not Classify")
	}
	got.Classify = nil
	want := Policy{
		Threshold: Threshold{Failures: 5}, Backoff: Backoff{time.Second, time.Minute}, ProbeTimeout: time.Second, ProbeInterval: 2 * time.Second,
		MaxAge: 2 * time.Second, Hold: time.Minute, Quiet: time.Second,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("defaults %+v, want %+v", got, want)
	}
	if err := got.validate(); err != nil {
		t.Errorf("the defaults are invalid: %v", err)
	}
}

func TestProbeIntervalFollowsMaxAge(t *testing.T) {
	if p := (Policy{MaxAge: 7 * time.Second}).withDefaults(); p.ProbeInterval != 7*time.Second {
		t.Errorf("probe interval %s", p.ProbeInterval)
	}
	if p := (Policy{MaxAge: 7 * time.Second, ProbeInterval: time.Second}).withDefaults(); p.ProbeInterval != time.Second {
		t.Errorf("a given probe interval became %s", p.ProbeInterval)
	}
}

func TestGivenFieldsKeepTheirValue(t *testing.T) {
	given := Policy{
		Optional: true, Threshold: Threshold{Percent: 50, Period: time.Second, MinCalls: 3}, Backoff: Backoff{2 * time.Second, 3 * time.Second},
		Timeout: 4 * time.Second, ProbeTimeout: 5 * time.Second, ProbeInterval: 6 * time.Second, MaxAge: 7 * time.Second, Hold: 9 * time.Second,
		Reconnect: 8 * time.Second, Quiet: 10 * time.Second,
	}
	got := given.withDefaults()
	got.Classify = nil
	if !reflect.DeepEqual(got, given) {
		t.Errorf("%+v became %+v", given, got)
	}
}

func TestInvalidPolicyIsRefusedWithTheFieldAtFault(t *testing.T) {
	rows := map[string]struct {
		policy Policy
		say    []string
	}{
		"timeout":                {Policy{Timeout: -1}, []string{"timeout=-1ns", "negative"}},
		"no timeout":             {Policy{Timeout: NoTimeout}, []string{"timeout=", "negative"}},
		"probe timeout":          {Policy{ProbeTimeout: -time.Second}, []string{"probe-timeout=-1s", "negative"}},
		"probe interval":         {Policy{ProbeInterval: -time.Second}, []string{"probe-interval=-1s", "negative"}},
		"max age":                {Policy{MaxAge: -time.Second, ProbeInterval: time.Second}, []string{"max-age=-1s", "negative"}},
		"hold":                   {Policy{Hold: -time.Second}, []string{"hold=-1s", "negative"}},
		"reconnect":              {Policy{Reconnect: -time.Second}, []string{"reconnect=-1s", "negative"}},
		"quiet":                  {Policy{Quiet: -time.Second}, []string{"quiet=-1s", "negative"}},
		"hold below reconnect":   {Policy{Hold: 30 * time.Second, Reconnect: 45 * time.Second}, []string{"hold=30s", "reconnect=45s", "raise hold to at least 45s"}},
		"default hold":           {Policy{Reconnect: 90 * time.Second}, []string{"hold=1m", "reconnect=1m30s"}},
		"backoff backwards":      {Policy{Backoff: Backoff{Min: time.Minute, Max: time.Second}}, []string{"backoff=1m..1s", "maximum"}},
		"backoff below zero":     {Policy{Backoff: Backoff{Min: -time.Second, Max: time.Second}}, []string{"backoff=-1s..1s", "positive"}},
		"failures below zero":    {Policy{Threshold: Threshold{Failures: -5}}, []string{"threshold -5", "negative"}},
		"period below zero":      {Policy{Threshold: Threshold{Failures: 5, Period: -time.Second}}, []string{"threshold", "negative"}},
		"percent below zero":     {Policy{Threshold: Threshold{Percent: -1}}, []string{"threshold", "negative"}},
		"calls below zero":       {Policy{Threshold: Threshold{Failures: 5, MinCalls: -1}}, []string{"threshold", "negative"}},
		"more than all":          {Policy{Threshold: Threshold{Percent: 101, Period: time.Second, MinCalls: 1}}, []string{"101%", "1 to 100"}},
		"rate and count":         {Policy{Threshold: Threshold{Failures: 5, Percent: 50, Period: time.Second, MinCalls: 1}}, []string{"Failures or Percent", "not both"}},
		"rate without period":    {Policy{Threshold: Threshold{Percent: 50, MinCalls: 5}}, []string{"Period and MinCalls"}},
		"rate without calls":     {Policy{Threshold: Threshold{Percent: 50, Period: time.Second}}, []string{"Period and MinCalls"}},
		"period of nothing":      {Policy{Threshold: Threshold{Period: time.Second}}, []string{"Period needs Failures or Percent"}},
		"minimum without a rate": {Policy{Threshold: Threshold{Failures: 5, MinCalls: 20}}, []string{"MinCalls goes with Percent"}},
		"everything at once":     {Policy{Timeout: -1, Quiet: -1, Backoff: Backoff{Min: -1}, Threshold: Threshold{Failures: -1}}, []string{"timeout", "quiet", "backoff", "threshold"}},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			r := NewHealthRegistry()
			defer r.Close()
			d, err := r.Dependency("redis", row.policy, WithProbe(answers))
			wantMentions(t, err, append(row.say, "guard: ", `"redis"`)...)
			if _, known := r.Health("redis"); known || d != nil {
				t.Error("it was registered all the same")
			}
		})
	}
}

func TestThresholdsOfEveryFormAreAccepted(t *testing.T) {
	for _, threshold := range []Threshold{
		{Failures: 1}, {Failures: 1, Period: time.Second}, {Percent: 1, Period: time.Second, MinCalls: 1}, {Percent: 100, Period: time.Hour, MinCalls: 1000},
	} {
		if err := threshold.validate(); err != nil {
			t.Errorf("%s: %v", threshold, err)
		}
	}
}

func TestHoldMayEqualReconnect(t *testing.T) {
	if err := (Policy{Hold: time.Minute, Reconnect: time.Minute}).withDefaults().validate(); err != nil {
		t.Error(err)
	}
}

func TestInvalidBudgetIsRefused(t *testing.T) {
	for _, b := range []Budget{{Limit: 5}, {Window: time.Minute}, {Limit: -1, Window: time.Minute}, {Limit: 5, Window: -time.Minute}, {Limit: math.MaxInt, Window: -1}} {
		r := NewHealthRegistry()
		defer r.Close()
		spec := Spec{Interface: "test.Store", Dependency: "redis", Methods: []MethodSpec{{Name: "Drop", Class: Destructive, Budget: b}}}
		_, err := NewWrapper(r, spec, &client{}, answers)
		wantMentions(t, err, "method Drop", "budget "+b.String(), "positive", "NoBudget")
		wantPanic(t, "budget", func() { NewHealthRegistry(WithBudget(b)) })
	}
	NewHealthRegistry(WithBudget(NoBudget)).Close()
	wantPanic(t, "budget", func() { NewHealthRegistry(WithBudget(Budget{})) })
}

func TestInvalidRegistryOptionPanics(t *testing.T) {
	wantPanic(t, "start hold -1s", func() { NewHealthRegistry(WithStartHold(-time.Second)) })
}

func wantPanic(t *testing.T, word string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if p := fmt.Sprint(recover()); !strings.Contains(p, word) {
			t.Errorf("panic %q, want one about %s", p, word)
		}
	}()
	f()
}

func TestNamesAreLowerCase(t *testing.T) {
	good := []string{"redis", "redis-eu", "r", "api.v2", "tenant:42/redis", "a_b", "9"}
	bad := []string{"", "Redis", "redis eu", "-redis", "redis\n", "rédis", ".", "redis;", "/redis"}
	r := NewHealthRegistry()
	defer r.Close()
	for _, name := range good {
		if _, err := r.Dependency(name, Policy{}, WithProbe(answers)); err != nil {
			t.Errorf("%q is refused: %v", name, err)
		}
	}
	for _, name := range bad {
		_, err := r.Dependency(name, Policy{}, WithProbe(answers))
		wantMentions(t, err, fmt.Sprintf("%q", name), "lower-case")
	}
}

func TestPoliciesPrintAsAnnotations(t *testing.T) {
	rows := map[string]fmt.Stringer{
		"5":                         Threshold{Failures: 5},
		"5/10s":                     Threshold{Failures: 5, Period: 10 * time.Second},
		"50%/10s/20":                Threshold{Percent: 50, Period: 10 * time.Second, MinCalls: 20},
		"1s..1m":                    Backoff{time.Second, time.Minute},
		"250ms..1h":                 Backoff{250 * time.Millisecond, time.Hour},
		"1m30s..1h30m":              Backoff{90 * time.Second, 90 * time.Minute},
		"20/1m":                     Budget{20, time.Minute},
		"none":                      NoBudget,
		"0/0s":                      Budget{},
		"regular":                   Regular,
		"heavy":                     Heavy,
		"destructive":               Destructive,
		"enforce":                   Enforce,
		"observe":                   Observe,
		"unknown":                   Unknown,
		"healthy":                   Healthy,
		"degraded":                  Degraded,
		"unhealthy":                 Unhealthy,
		"DependencyState(9)":        DependencyState(9),
		"9223372036854775807/10m1s": Budget{math.MaxInt, 10*time.Minute + time.Second},
	}
	for want, value := range rows {
		if value.String() != want {
			t.Errorf("%#v prints as %q, want %q", value, value, want)
		}
	}
}

func TestStatesAndModesRoundTripAsText(t *testing.T) {
	for state := Unknown; state <= Unhealthy; state++ {
		text, _ := state.MarshalText()
		var back DependencyState
		if err := back.UnmarshalText(text); err != nil || back != state {
			t.Errorf("%s became %s (%v)", state, back, err)
		}
	}
	for _, mode := range []Mode{Enforce, Observe} {
		text, _ := mode.MarshalText()
		back := Mode(9)
		if err := back.UnmarshalText(text); err != nil || back != mode {
			t.Errorf("%s became %s (%v)", mode, back, err)
		}
	}
	wantMentions(t, new(DependencyState).UnmarshalText([]byte("sick")), "sick", "unknown, healthy, degraded or unhealthy")
	wantMentions(t, new(Mode).UnmarshalText([]byte("off")), "off", "enforce or observe")
}

func TestBackoffMayBeGivenByHalf(t *testing.T) {
	for given, want := range map[Backoff]Backoff{
		{Max: 30 * time.Second}:       {Min: time.Second, Max: 30 * time.Second},
		{Max: 100 * time.Millisecond}: {Min: 100 * time.Millisecond, Max: 100 * time.Millisecond},
		{Min: 5 * time.Second}:        {Min: 5 * time.Second, Max: time.Minute},
		{Min: time.Hour}:              {Min: time.Hour, Max: time.Hour},
	} {
		if got := (Policy{Backoff: given}).withDefaults().Backoff; got != want {
			t.Errorf("%s becomes %s, want %s", given, got, want)
		}
	}
}

func TestNumbersThatForgotTheirUnitAreRefused(t *testing.T) {
	for name, p := range map[string]Policy{
		"probe-interval": {ProbeInterval: 2}, "hold": {Hold: 60}, "backoff": {Backoff: Backoff{Min: 1}},
		"threshold": {Threshold: Threshold{Failures: math.MaxInt}},
	} {
		err := p.withDefaults().validate()
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
