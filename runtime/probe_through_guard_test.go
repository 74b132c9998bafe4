package guard

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A probe that goes through the wrapper of what it probes would be refused by the breaker that it is to close.

func TestProbeThroughTheGuardClosesTheBreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.probeWith(func(ctx context.Context) error { return g.Get(ctx) })
		w.prove(g)
		g.fail(5)
		w.wantState("redis", Unhealthy)
		sleep(time.Minute)
		w.wantState("redis", Healthy)
	})
}

func TestGenerationThroughTheGuardClosesTheBreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		read := func(ctx context.Context) (string, error) { return "first", g.Get(ctx) }
		if _, err := w.Dependency("redis", Policy{}, WithGeneration(read)); err != nil {
			t.Fatal(err)
		}
		w.prove(g)
		g.fail(5)
		w.wantState("redis", Unhealthy)
		sleep(time.Minute)
		w.wantState("redis", Healthy)
	})
}

// The breaker of another dependency is no business of the probe.
func TestProbePassesOnlyItsOwnBreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis, api := w.guard("redis"), w.guard("api")
		api.probeWith(func(ctx context.Context) error { return redis.Get(ctx) })
		w.prove(redis, api)
		if err := w.Isolate("redis", "test"); err != nil {
			t.Fatal(err)
		}
		if err := w.Probe(t.Context(), "api"); !errors.Is(err, ErrUnhealthy) {
			t.Errorf("error %v", err)
		}
	})
}

// A probe that loses its context is refused for good, and for the reason of the last refusal: told once.
func TestErrorsOfAProbeThroughTheGuardDoNotNest(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.probeWith(func(context.Context) error { return g.Get(context.Background()) })
		w.prove(g)
		g.fail(5)
		sleep(4 * time.Minute)
		if h, _ := w.Health("redis"); h.LastError != errDown {
			t.Errorf("%v", h.LastError)
		}
	})
}
