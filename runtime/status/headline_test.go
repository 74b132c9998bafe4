package status

import (
	"fmt"
	"slices"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// said are the headlines of a moment, as somebody in the service's place reads them, each after its level.
func (w *world) said() []string {
	w.t.Helper()
	var said []string
	for _, line := range w.report().Headlines {
		said = append(said, string(line.Level)+": "+line.At(time.Now(), time.UTC))
	}
	return said
}

func (w *world) wantSaid(want ...string) {
	w.t.Helper()
	if got := w.said(); !slices.Equal(got, want) {
		w.t.Errorf("it says\n%q\nwant\n%q", got, want)
	}
}

func TestHeadlinesOfAnOutage(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		until := func(at func(guard.DependencyHealth) time.Time) string {
			health, _ := w.Health("redis")
			return countdown(time.Until(at(health)))
		}
		openUntil := func(h guard.DependencyHealth) time.Time { return h.OpenUntil }
		redis := w.guard("redis")
		w.wantSaid("fail: redis unknown (it has not answered yet) since 00:00:00")
		w.prove(redis)
		w.wantSaid("ok: All is well: destructive operations run, each with proof")
		sleep(2*time.Hour + 13*time.Minute)
		redis.set(errDown)
		for range 5 {
			_ = redis.Get(guard.NewScope(t.Context()))
		}
		w.wantSaid("fail: Destructive operations blocked: redis unhealthy since 02:13:00, next probe " + until(openUntil))
		sleep(3 * time.Second)
		w.wantSaid("fail: Destructive operations blocked: redis unhealthy since 02:13:00, next probe " + until(openUntil))
		redis.hangs()
		health, _ := w.Health("redis")
		sleep(time.Until(health.OpenUntil))
		w.wantSaid("fail: Destructive operations blocked: redis unhealthy since 02:13:00, being tried now")
		redis.set(nil)
		sleep(time.Second)
		w.wantSaid("fail: Destructive operations blocked: redis unhealthy since 02:13:00, next probe " + until(openUntil))
		_ = w.Probe(t.Context(), "redis")
		w.wantSaid("warn: Destructive operations blocked: redis is recovering: probe: no answer within 1s, gate opens in 1 min 3 s")
		sleep(10 * time.Second)
		w.wantSaid("warn: Destructive operations blocked: redis has just recovered, clients may still be reconnecting: probe: no answer within 1s, " +
			"gate opens " + until(func(h guard.DependencyHealth) time.Time { return h.HoldUntil }))
		sleep(time.Minute)
		w.wantSaid("ok: All is well: destructive operations run, each with proof")
	})
}

func TestHeadlinesOfStates(t *testing.T) {
	for _, row := range []struct {
		name    string
		options []guard.RegistryOption
		make    func(w *world)
		said    []string
	}{
		{"nothing is registered", nil, func(*world) {},
			[]string{"fail: Destructive operations blocked: no critical dependency is registered, so nothing can be proven"}},
		{"nothing is critical", nil, func(w *world) { w.guard("cache", optional) }, []string{"ok: All is well"}},
		{"nothing is destroyed", nil, func(w *world) {
			w.prove(w.guard("redis", func(s *guard.Spec) { s.Methods = s.Methods[:1] }))
		}, []string{"ok: All is well"}},
		{"nothing is destroyed during an outage", nil, func(w *world) {
			w.guard("redis", func(s *guard.Spec) { s.Methods = s.Methods[:1] })
			_ = w.Isolate("redis", "maintenance")
		}, []string{"fail: Destructive operations blocked: redis isolated (maintenance) since 00:00:00, until somebody restores it"}},
		{"required and missing", []guard.RegistryOption{guard.Requires("queue")}, func(w *world) { w.prove(w.guard("redis")) },
			[]string{"fail: Destructive operations blocked: required dependency queue is not registered"}},
		{"just started", []guard.RegistryOption{guard.WithStartHold(90 * time.Second)}, func(w *world) { w.prove(w.guard("redis")) },
			[]string{"warn: Destructive operations blocked: the guard of redis has just started, gate opens in 1 min 30 s"}},
		{"degraded", nil, func(w *world) {
			redis := w.guard("redis")
			w.prove(redis)
			redis.fail(3)
		}, []string{"warn: redis degraded (heavy reads are refused) since 00:00:00"}},
		{"two are ill", nil, func(w *world) {
			w.guard("redis").fail(5)
			_ = w.Isolate("redis", "maintenance")
			w.guard("api").fail(5)
			_ = w.Isolate("api", "by ana")
			w.guard("cache", optional)
			_ = w.Isolate("cache", "broken")
		}, []string{
			"fail: Destructive operations blocked: api isolated (by ana) since 00:00:00, until somebody restores it",
			"fail: redis isolated (maintenance) since 00:00:00, until somebody restores it",
			"warn: cache isolated (broken) since 00:00:00, until somebody restores it",
		}},
		{"an optional one with an operation of its own", nil, func(w *world) {
			w.prove(w.guard("redis"))
			w.guard("cache", policy(func(p *guard.Policy) { p.Optional = true }))
			_ = w.Isolate("cache", "broken")
		}, []string{"warn: Destructive operations blocked: Drop: cache isolated (broken) since 00:00:00, until somebody restores it"}},
		{"operations of several reasons", nil, func(w *world) {
			redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
			w.prove(redis)
			_ = redis.Drop(guard.NewScope(w.t.Context()))
			for range 10 {
				_ = w.AllowDestructive(guard.NewScope(w.t.Context()), "purge")
			}
			_ = w.AllowDestructive(guard.NewScope(w.t.Context()), "rename")
			cache := w.guard("cache", policy(func(p *guard.Policy) { p.Optional = true }))
			_ = cache.Get(w.t.Context())
			_ = w.Isolate("cache", "broken")
		}, []string{
			"warn: Destructive operations blocked: Drop: cache isolated (broken) since 00:00:00, until somebody restores it",
			"warn: Destructive operations blocked: Drop, purge: budget spent: 1/1h, next one in 1 h 0 min",
		}},
		{"one operation is observed", nil, func(w *world) {
			redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
			w.prove(redis)
			_ = redis.Drop(guard.NewScope(w.t.Context()))
			_ = w.AllowDestructive(guard.NewScope(w.t.Context()), "purge")
			_ = w.SetMode(guard.Observe, "Drop")
		}, []string{
			"observe: NOT ENFORCING Drop: only an open breaker still refuses them",
			"warn: Destructive operations would be blocked: Drop: budget spent: 1/1h, next one in 1 h 0 min",
		}},
		{"one of two is observed", nil, func(w *world) {
			redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
			w.prove(redis)
			_ = redis.Drop(guard.NewScope(w.t.Context()))
			for range 10 {
				_ = w.AllowDestructive(guard.NewScope(w.t.Context()), "purge")
			}
			_ = w.SetMode(guard.Observe, "Drop")
		}, []string{
			"observe: NOT ENFORCING Drop: only an open breaker still refuses them",
			"warn: Destructive operations would be blocked: Drop: budget spent: 1/1h, next one in 1 h 0 min",
			"warn: Destructive operations blocked: purge: budget spent: 10/1m, next one in 1 min 0 s",
		}},
		{"one operation is enforced", []guard.RegistryOption{guard.WithMode(guard.Observe)}, func(w *world) {
			redis := w.guard("redis", budget(guard.Budget{Limit: 1, Window: time.Hour}))
			w.prove(redis)
			_ = w.SetMode(guard.Enforce, "Drop")
			_ = redis.Drop(guard.NewScope(w.t.Context()))
		}, []string{
			"observe: NOT ENFORCING: only an open breaker still refuses destructive operations",
			"warn: Destructive operations blocked: Drop: budget spent: 1/1h, next one in 1 h 0 min",
		}},
		{"all is well, and nothing is enforced", []guard.RegistryOption{guard.WithMode(guard.Observe)}, func(w *world) { w.prove(w.guard("redis")) },
			[]string{"observe: NOT ENFORCING: only an open breaker still refuses destructive operations"}},
		{"unproven, which asking mends", nil, func(w *world) {
			redis := w.guard("redis", policy(func(p *guard.Policy) { p.MaxAge = time.Second }))
			w.prove(redis)
			sleep(10 * time.Second)
		}, []string{"ok: All is well: destructive operations run, each with proof"}},
		{"closed", nil, func(w *world) {
			w.prove(w.guard("redis"))
			w.Close()
		}, []string{"fail: Destructive operations blocked: the registry is closed: guard: registry is closed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inWorld(t, func(_ *testing.T, w *world) {
				row.make(w)
				w.wantSaid(row.said...)
			}, row.options...)
		})
	}
}

func TestHeadlinesAreAFew(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for n := range 12 {
			w.guard(fmt.Sprintf("shard-%02d", n))
			_ = w.Isolate(fmt.Sprintf("shard-%02d", n), "moved")
		}
		said := w.said()
		if len(said) != headlineLimit+1 || said[headlineLimit] != "warn: and 4 more dependencies are not well" ||
			said[headlineLimit-1] != "fail: shard-07 isolated (moved) since 00:00:00, until somebody restores it" {
			t.Errorf("it says %q", said)
		}
	})
}

// TestHeadlineOfEveryReason puts each reason of the gate in words, those too that nothing but a caller's own scope or keys
// can bring about.
func TestHeadlineOfEveryReason(t *testing.T) {
	since := midnight
	ill := guard.DependencyHealth{
		Name: "redis", State: guard.Unhealthy, Critical: true, Breaker: "open", Since: since, OpenUntil: since.Add(12 * time.Second), Probed: true,
		LastError: errDown,
	}
	isolated, unprobed, well := ill, ill, ill
	isolated.Isolated, isolated.IsolatedAt = "maintenance", since
	unprobed.Probed = false
	well.State, well.Breaker = guard.Healthy, "closed"
	const blocked = "Destructive operations blocked: "
	for _, row := range []struct {
		reason guard.Reason
		redis  guard.DependencyHealth
		want   string
	}{
		{guard.ReasonRegistryClosed, well, "fail: " + blocked + "detail"},
		{guard.ReasonOverride, well, "fail: " + blocked + "detail"},
		{guard.ReasonAudit, well, "fail: " + blocked + "detail"},
		{guard.ReasonNoDependency, well, "ok: All is well"},
		{guard.ReasonUnknownDependency, well, "fail: " + blocked + "detail"},
		{guard.ReasonIsolated, isolated, "fail: " + blocked + "redis isolated (maintenance) since 00:00:00, until somebody restores it"},
		{guard.ReasonIsolated, well, "fail: " + blocked + "detail"}, // restored while the report was made
		{guard.ReasonUnhealthy, ill, "fail: " + blocked + "redis unhealthy since 00:00:00, next probe in 12 s"},
		{guard.ReasonUnhealthy, unprobed, "fail: " + blocked + "redis unhealthy since 00:00:00, next call tries again in 12 s"},
		{guard.ReasonUnhealthy, well, "fail: " + blocked + "detail"}, // it fell ill while the report was made
		{guard.ReasonScope, well, "fail: " + blocked + "detail"},
		{guard.ReasonKey, well, "fail: " + blocked + "detail"},
		{guard.ReasonQuiet, well, "fail: " + blocked + "detail"},
		{guard.ReasonStalled, well, "warn: " + blocked + "detail, gate opens in 30 s"},
		{guard.ReasonRecovering, well, "warn: " + blocked + "detail, gate opens in 30 s"},
		{guard.ReasonStart, well, "warn: " + blocked + "detail, gate opens in 30 s"},
		{guard.ReasonHold, well, "warn: " + blocked + "detail, gate opens in 30 s"},
		{guard.ReasonBudget, well, "warn: " + blocked + "detail, next one in 30 s"},
		{guard.ReasonUnproven, well, "ok: All is well"},
		{"a new one", well, "fail: " + blocked + "detail"},
	} {
		d := guard.Decision{Reason: row.reason, Detail: "detail", Dependency: "redis", RetryAfter: 30 * time.Second}
		p := picture{&Report{Time: since, State: row.redis.State, Gate: d}, []guard.DependencyHealth{row.redis}}
		lines := p.headlines()
		if got := string(lines[0].Level) + ": " + lines[0].At(since, time.UTC); got != row.want || len(lines) != 1 {
			t.Errorf("%s: %d lines, the first %q, want %q", row.reason, len(lines), got, row.want)
		}
	}
}

func TestHeadlineIsPutTogetherForATimeAndAPlace(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	since := time.Date(2026, 1, 2, 23, 13, 7, 0, time.UTC)
	for _, row := range []struct {
		line Headline
		now  time.Time
		in   *time.Location
		want string
	}{
		{Headline{Text: "All is well"}, since, time.UTC, "All is well"},
		{Headline{Text: "redis unhealthy", Since: &since}, since.Add(time.Minute), time.UTC, "redis unhealthy since 23:13:07"},
		{Headline{Text: "redis unhealthy", Since: &since}, since.Add(time.Hour), time.UTC, "redis unhealthy since 2026-01-02 23:13:07"},
		{Headline{Text: "redis unhealthy", Since: &since}, since.Add(time.Hour), berlin, "redis unhealthy since 00:13:07"},
		{Headline{Text: "x", Since: &since, Next: "until somebody restores it"}, since, berlin, "x since 00:13:07, until somebody restores it"},
		{Headline{Text: "x", Next: "next probe", NextInMs: new(int64(12_000))}, since, time.UTC, "x, next probe in 12 s"},
		{Headline{Text: "x", Next: "next probe", NextInMs: new(int64(0))}, since, time.UTC, "x, next probe now"},
	} {
		if got := row.line.At(row.now, row.in); got != row.want {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
}

func TestCountdownRoundsUp(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour: "now", 0: "now", 1: "in 1 s", time.Second: "in 1 s", time.Second + 1: "in 2 s", 59 * time.Second: "in 59 s",
		59*time.Second + 1: "in 1 min 0 s", 3*time.Minute + 5*time.Second: "in 3 min 5 s", time.Hour - 1: "in 1 h 0 min",
		26*time.Hour + 59*time.Minute: "in 26 h 59 min",
	} {
		if got := countdown(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

func TestLongListsAreCutShort(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g"}
	for n, want := range map[int]string{0: "", 1: "a", 5: "a, b, c, d, e", 6: "a, b, c, d, e and 1 more", 7: "a, b, c, d, e and 2 more"} {
		if got := enumerate(names[:n]); got != want {
			t.Errorf("%d names: %q, want %q", n, got, want)
		}
	}
}

func TestManyThatAreIllAreCounted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for i := range 100 {
			w.guard(fmt.Sprintf("shard-%02d", i)).fail(5)
		}
		lines := w.report().Headlines
		if n := len(lines); n != headlineLimit+1 || lines[n-1].Text != fmt.Sprintf("and %d more dependencies are not well", 100-headlineLimit) {
			t.Errorf("%d headlines, the last is %q", n, lines[n-1].Text)
		}
	})
}
