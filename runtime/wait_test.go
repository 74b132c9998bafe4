package guard

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// waiting runs WaitHealthy and says when it has come back, and with what.
func (w *world) waiting(ctx context.Context, names ...string) (back func() (bool, error)) {
	done := make(chan error, 1)
	go func() { done <- w.WaitHealthy(ctx, names...) }()
	return func() (bool, error) {
		synctest.Wait()
		select {
		case err := <-done:
			return true, err
		default:
			return false, nil
		}
	}
}

func TestWaitHealthyProbesWhatIsUnknown(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, api := w.guard("redis"), w.guard("api")
		optional := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		start := time.Now()
		if err := w.WaitHealthy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 5*time.Millisecond {
			t.Errorf("it took %s, one probe takes a millisecond", took)
		}
		w.wantState("redis", Healthy)
		w.wantState("api", Healthy)
		for name, row := range map[string]struct {
			g    *guarded
			want int
		}{"redis": {redis, 1}, "api": {api, 1}, "cache, which is optional,": {optional, 0}} {
			if _, probes := row.g.count(); probes != row.want {
				t.Errorf("%s was probed %d times, want %d", name, probes, row.want)
			}
		}
	})
}

func TestWaitHealthyReturnsAtOnceWhenAllIsWell(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"), w.guard("api"))
		w.guard("sick").fail(5)
		start := time.Now()
		if err := w.WaitHealthy(t.Context(), "redis", "api"); err != nil {
			t.Fatal(err)
		}
		if !time.Now().Equal(start) {
			t.Errorf("it took %s", time.Since(start))
		}
	})
}

func TestWaitHealthyReturnsOnRecovery(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.fail(5)
		g.set(errDown)
		back := w.waiting(t.Context(), "redis")
		sleep(30 * time.Second)
		if done, err := back(); done {
			t.Fatalf("it came back while the dependency is down, with %v", err)
		}
		g.set(nil)
		w.untilTrial("redis")
		sleep(time.Millisecond)
		w.wantState("redis", Healthy)
		if done, err := back(); !done || err != nil {
			t.Errorf("back %t with %v, at the moment of recovery", done, err)
		}
	})
}

func TestWaitHealthyWaitsOutDegradation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(3)
		back := w.waiting(t.Context())
		sleep(degradedFor - time.Second)
		if done, _ := back(); done {
			t.Fatal("it came back while the dependency is degraded")
		}
		sleep(2 * time.Second)
		if done, err := back(); !done || err != nil {
			t.Errorf("back %t with %v", done, err)
		}
	})
}

func TestWaitHealthyWaitsForAllThatAreNamed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.prove(w.guard("redis"))
		cache := w.guard("cache", policy(func(p *Policy) { p.Optional = true }))
		cache.set(errDown)
		back := w.waiting(t.Context(), "redis", "cache")
		sleep(time.Second)
		if done, _ := back(); done {
			t.Fatal("it did not wait for the optional one, which is named")
		}
		cache.set(nil)
		sleep(2 * time.Minute)
		if done, err := back(); !done || err != nil {
			t.Errorf("back %t with %v", done, err)
		}
	})
}

func TestWaitHealthyEndsWithItsContext(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_ = w.guard("redis")
		_ = w.Isolate("redis", "maintenance")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := w.WaitHealthy(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "redis") {
			t.Errorf("error %v, want the deadline's, with what it waited for", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if err := w.WaitHealthy(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want Canceled", err)
		}
	})
}

func TestWaitHealthyEndsWithTheRegistry(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.guard("redis").fail(5)
		back := w.waiting(context.Background())
		if done, _ := back(); done {
			t.Fatal("it did not wait")
		}
		w.Close()
		if done, err := back(); !done || !errors.Is(err, ErrClosed) {
			t.Errorf("back %t with %v", done, err)
		}
	})
}

func TestWaitHealthyForNothingIsAnError(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		if err := w.WaitHealthy(t.Context()); !errors.Is(err, ErrUnknownDependency) {
			t.Errorf("without any dependency: %v", err)
		}
		w.guard("cache", withoutProbe)
		if err := w.WaitHealthy(t.Context()); !errors.Is(err, ErrUnknownDependency) {
			t.Errorf("without a critical dependency: %v", err)
		}
		if err := w.WaitHealthy(t.Context(), "cache", "reddis"); !errors.Is(err, ErrUnknownDependency) {
			t.Errorf("with an unknown name: %v", err)
		}
	})
}
