package guard

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tenThousand is a world with ten thousand dependencies, one in a hundred of them critical, that all share a client.
func tenThousand(t *testing.T, test func(t *testing.T, w *world, c *client)) {
	t.Helper()
	inWorld(t, func(t *testing.T, w *world) {
		c := &client{}
		for i := range 10_000 {
			p := Policy{Optional: i%100 != 0, ProbeInterval: time.Minute, MaxAge: 2 * time.Minute, Threshold: Threshold{Failures: 2}, Backoff: Backoff{Min: time.Minute}}
			if _, err := w.Dependency(fmt.Sprintf("shard-%04d", i), p, WithProbe(c.probe)); err != nil {
				t.Fatal(err)
			}
		}
		test(t, w, c)
	})
}

// probe counts, and answers at once.
func (c *client) probe(ctx context.Context) error {
	c.mu.Lock()
	c.probes++
	c.mu.Unlock()
	return c.answer(ctx)
}

// TestRegistrationTakesNoTimeForEachThatIsThere registers twice as many in no more than some twice the time: allocations
// are counted, which are the same on each machine.
func TestRegistrationTakesNoTimeForEachThatIsThere(t *testing.T) {
	r := NewHealthRegistry()
	defer r.Close()
	n := 0
	probe := WithProbe(func(context.Context) error { return nil })
	bytesOfNext := func(many int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range many {
			n++
			if _, err := r.Dependency(fmt.Sprintf("shard-%d", n), Policy{ProbeInterval: time.Hour}, probe); err != nil {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	bytesOfNext(100)
	few := bytesOfNext(100)
	bytesOfNext(4800)
	if later := bytesOfNext(100); later > 2*few {
		t.Errorf("%d KB for a hundred dependencies beside 100, and %d KB beside 5,000", few>>10, later>>10)
	}
}

func TestTenThousandIdleDependenciesCostNoGoroutine(t *testing.T) {
	tenThousand(t, func(t *testing.T, w *world, c *client) {
		sleep(time.Second)
		if n := runtime.NumGoroutine(); n > 100 {
			t.Errorf("%d goroutines", n)
		}
		sleep(73 * time.Second)
		if n := runtime.NumGoroutine(); n > 100 {
			t.Errorf("%d goroutines after all were probed", n)
		}
		healthy := 0
		for h := range w.All() {
			if h.State == Healthy {
				healthy++
			}
		}
		if _, probes := c.count(); healthy != 10_000 || probes < 10_000 || probes > 40_000 {
			t.Errorf("%d are healthy after %d probes in little more than a minute", healthy, probes)
		}
		wantAllowed(t, w.AllowDestructive(NewScope(t.Context()), "prune"))
	})
}

func TestOutageOfTenThousandIsNoticedAndHealed(t *testing.T) {
	tenThousand(t, func(t *testing.T, w *world, c *client) {
		c.set(errDown)
		sleep(140 * time.Second)
		wantDenied(t, w.AllowDestructive(NewScope(t.Context()), "prune"), ReasonUnhealthy)
		ill := 0
		for h := range w.All() {
			if h.Recovering && h.EpisodeFrom.Before(time.Now().Add(-time.Minute)) {
				ill++
			}
		}
		_, before := c.count()
		if sleep(30 * time.Second); ill != 10_000 {
			t.Errorf("%d of 10,000 have an episode", ill)
		}
		if _, probes := c.count(); probes-before > 10_000*2 {
			t.Errorf("%d probes in half a minute of the outage", probes-before)
		}
		c.set(nil)
		sleep(time.Minute + 10*time.Second) // the longest back-off and three probes
		for h := range w.All() {
			if h.State != Healthy || h.Recovering {
				t.Fatalf("%+v", h)
			}
		}
		wantDenied(t, w.AllowDestructive(NewScope(t.Context()), "prune"), ReasonHold)
	})
}

func TestStallIsNoticedForTenThousand(t *testing.T) {
	tenThousand(t, func(t *testing.T, w *world, c *client) {
		sleep(time.Second)
		w.clock.wallShift.Store(int64(time.Hour))
		denied := wantDenied(t, w.AllowDestructive(NewScope(t.Context()), "prune"), ReasonStalled)
		if denied.RetryAfter() > 2*time.Minute {
			t.Errorf("%v", denied)
		}
		recovering := 0
		for h := range w.All() {
			if h.Recovering {
				recovering++
			}
		}
		if recovering != 10_000 {
			t.Errorf("%d have an episode", recovering)
		}
		stalls := 0
		for _, e := range w.Events() {
			if e.Kind == EventStall {
				stalls++
			}
		}
		if stalls != 1 {
			t.Errorf("%d events", stalls)
		}
		sleep(10 * time.Second)
		wantDenied(t, w.AllowDestructive(NewScope(t.Context()), "prune"), ReasonHold)
	})
}

func TestCloseEndsTenThousandAtOnce(t *testing.T) {
	tenThousand(t, func(t *testing.T, w *world, c *client) {
		c.hangs()
		sleep(55 * time.Second) // many probes are in the air
		if _, probes := c.count(); probes < 1000 {
			t.Fatalf("%d probes", probes)
		}
		began := time.Now()
		w.Close()
		if took := time.Since(began); took > time.Second {
			t.Errorf("Close took %s", took)
		}
		synctest.Wait()
		if n := runtime.NumGoroutine(); n > 100 {
			t.Errorf("%d goroutines are left", n)
		}
		_, before := c.count()
		sleep(5 * time.Minute)
		if _, probes := c.count(); probes != before {
			t.Errorf("%d probes after Close", probes-before)
		}
		wantDenied(t, w.AllowDestructive(NewScope(t.Context()), "prune"), ReasonRegistryClosed)
	})
}

// TestProbesInAnOutageAreBounded has the probes of two thousand dependencies hang, and then answer: in the outage there are
// never many more in the air than the limit, and all of them heal.
func TestProbesInAnOutageAreBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		const dependencies = 2000
		c := &client{}
		for i := range dependencies {
			p := Policy{Optional: i%100 != 0, Backoff: Backoff{Max: 4 * time.Second}}
			if _, err := w.Dependency(fmt.Sprintf("shard-%04d", i), p, WithProbe(c.ping)); err != nil {
				t.Fatal(err)
			}
		}
		healthy := func() (n int) {
			for h := range w.All() {
				if h.State == Healthy {
					n++
				}
			}
			return n
		}
		sleep(10 * time.Second)
		if n := healthy(); n != dependencies {
			t.Fatalf("%d are healthy at the beginning", n)
		}
		c.hangs()
		c.mu.Lock()
		c.most = 0
		c.mu.Unlock()
		sleep(2 * time.Minute)
		c.mu.Lock()
		most := c.most
		c.mu.Unlock()
		if most > 2*probeLimit || most < probeLimit/2 { // those whose time is over come back while as many others begin
			t.Errorf("%d probes in the air at once, want at most twice %d, and that it comes to half of it", most, probeLimit)
		}
		if n := healthy(); n > 0 {
			t.Errorf("%d are healthy in an outage of all", n)
		}
		c.set(nil)
		sleep(30 * time.Second)
		if n := healthy(); n != dependencies {
			t.Errorf("half a minute after the outage %d of %d are healthy", n, dependencies)
		}
	})
}

// TestTurnsOfManyAreBatched counts the moments at which probes of a registry begin, which are as many as the processor is
// woken for them, with closed breakers and with open ones.
func TestTurnsOfManyAreBatched(t *testing.T) {
	const seconds = 20
	for _, row := range []struct {
		dependencies int
		answer       error
		most         int
	}{
		{batchedFrom - 1, nil, 1 << 30},
		{batchedFrom, nil, int(seconds * time.Second / turnGrain)},
		{batchedFrom, errDown, int(seconds * time.Second / trialGrain)},
	} {
		inWorld(t, func(t *testing.T, w *world) {
			var mu sync.Mutex
			moments, probes := make(map[time.Time]bool), 0
			probe := WithProbe(func(context.Context) error {
				mu.Lock()
				defer mu.Unlock()
				probes++
				moments[time.Now()] = true
				return row.answer
			})
			p := Policy{ProbeInterval: 2 * time.Second, Threshold: Threshold{Failures: 1}, Backoff: Backoff{Max: 2 * time.Second}}
			for i := range row.dependencies {
				d, err := w.Dependency(fmt.Sprintf("shard-%03d", i), p, probe)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = Call(t.Context(), d, func(context.Context) (int, error) { return 0, row.answer })
			}
			time.Sleep(10 * time.Second) // the first probes do not wait for a turn
			mu.Lock()
			clear(moments)
			probes = 0
			mu.Unlock()
			time.Sleep(seconds * time.Second)
			mu.Lock()
			defer mu.Unlock()
			if least := row.dependencies * seconds / 3; probes < least {
				t.Errorf("%d probes of %d dependencies, want more than %d", probes, row.dependencies, least)
			}
			if n := len(moments); n > row.most || row.most == 1<<30 && n < probes/2 {
				t.Errorf("%d dependencies, %v: %d probes at %d moments", row.dependencies, row.answer, probes, n)
			}
		})
	}
}

// TestBookedProbesOfManyAreNotBatched has an ask wait for the next probe in a registry whose turns are batched: that probe
// begins as soon as the one before is far enough away.
func TestBookedProbesOfManyAreNotBatched(t *testing.T) {
	recognised(t, func(t *testing.T, w *world, g *guarded, _ *identity) {
		for i := range batchedFrom {
			if _, err := w.Dependency(fmt.Sprintf("shard-%03d", i), Policy{Optional: true}); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			sleep(probeSpacing + 3*time.Millisecond) // whatever the grain, mostly between its multiples
			wantAllowed(t, g.Drop(NewScope(t.Context())))
			sleep(time.Millisecond)
			began := time.Now()
			wantAllowed(t, g.Drop(NewScope(t.Context())))
			if took := time.Since(began); took != probeSpacing-time.Millisecond {
				t.Fatalf("an ask that waits for a probe took %s, want the rest of %s", took, probeSpacing)
			}
		}
	})
}

// TestProbesThatSomebodyWaitsForAreNotHeldUp has the gate and a person ask while as many probes hang as may.
func TestProbesThatSomebodyWaitsForAreNotHeldUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", func(s *Spec) { s.Policy.MaxAge, s.Policy.ProbeInterval = 100*time.Millisecond, time.Hour })
		w.prove(g)
		w.flights.Add(probeLimit)
		defer w.flights.Add(-probeLimit)
		sleep(time.Second)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		if err := w.Probe(t.Context(), "redis"); err != nil {
			t.Error(err)
		}
	})
}

// TestIdleDependencyTakesLessThanTwoKiB counts with each kind of threshold, and with a wrapper of two methods.
func TestIdleDependencyTakesLessThanTwoKiB(t *testing.T) {
	const many = 5000
	probe := WithProbe(func(context.Context) error { return nil })
	alone := func(threshold Threshold) func(*HealthRegistry, string) (any, error) {
		return func(r *HealthRegistry, name string) (any, error) {
			return r.Dependency(name, Policy{Threshold: threshold, ProbeInterval: time.Hour}, probe)
		}
	}
	for name, register := range map[string]func(*HealthRegistry, string) (any, error){
		"threshold=5":          alone(Threshold{Failures: 5}),
		"threshold=5/10s":      alone(Threshold{Failures: 5, Period: 10 * time.Second}),
		"threshold=50%/10s/20": alone(Threshold{Percent: 50, Period: 10 * time.Second, MinCalls: 20}),
		"two methods": func(r *HealthRegistry, name string) (any, error) {
			w, err := NewWrapper(r, Spec{Interface: "example.com/store.Store", Dependency: name, Policy: Policy{ProbeInterval: time.Hour},
				Methods: []MethodSpec{{Name: "Ping"}, {Name: "Get"}}}, r, nil, probe)
			if err != nil {
				return nil, err
			}
			return &struct { // as a generated wrapper
				next      any
				ping, get *Method
			}{r, w.Method("Ping"), w.Method("Get")}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewHealthRegistry()
			defer r.Close()
			kept := make([]any, many)
			before := heap()
			for i := range many {
				var err error
				if kept[i], err = register(r, fmt.Sprintf("shard-%d", i)); err != nil {
					t.Fatal(err)
				}
			}
			each := (heap() - before) / many
			runtime.KeepAlive(kept)
			t.Logf("%d bytes each", each)
			if each > 2048 {
				t.Errorf("%d bytes for a dependency, want 2048 at most", each)
			}
		})
	}
}

// TestProbesOfTheGateDoNotCrowdOutTheLoop has the gate keep more probes in the air than the loop may, without end: an optional
// dependency that works again is closed all the same.
func TestProbesOfTheGateDoNotCrowdOutTheLoop(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		read := func(context.Context) (string, error) { time.Sleep(60 * time.Millisecond); return "one", nil }
		for i := range probeLimit + 44 {
			d := fmt.Sprintf("shard-%03d", i)
			w.prove(w.guard(d))
			if _, err := w.Dependency(d, Policy{}, WithGeneration(read)); err != nil {
				t.Fatal(err)
			}
		}
		cache := w.guard("cache", func(s *Spec) { s.Policy.Optional = true })
		w.prove(cache)
		stop := make(chan struct{})
		for range 4 {
			go func() {
				for {
					select {
					case <-stop:
						return
					default:
						_ = w.AllowDestructive(NewScope(context.Background()), "purge")
						time.Sleep(time.Millisecond)
					}
				}
			}()
		}
		sleep(time.Second)
		cache.fail(5)
		cache.set(nil)
		sleep(5 * time.Second)
		w.wantState("cache", Healthy)
		close(stop)
		sleep(time.Second)
	}, WithBudget(NoBudget))
}

// TestCrowdDoesNotHoldUpCallsThatTry has the loops of others keep as many probes in the air as may be, while a dependency whose
// own probes hang is to be found out by a call.
func TestCrowdDoesNotHoldUpCallsThatTry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		stuck := make(chan struct{})
		defer close(stuck)
		g.probeWith(func(context.Context) error { <-stuck; return nil })
		g.fail(5)
		g.set(nil)
		w.flights.Add(probeLimit)
		defer w.flights.Add(-probeLimit)
		g.dependency.mu.Lock()
		g.dependency.probe.hung = hungLimit
		g.dependency.setFlags(false)
		g.dependency.mu.Unlock()
		sleep(hungPause + time.Minute) // from now on a probe would be due, too
		for range 10 {
			sleep(time.Second)
			if g.Get(t.Context()) == nil {
				return
			}
		}
		t.Error("no call has run")
	})
}
