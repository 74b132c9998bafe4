package status

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// readings is every way to read.
var readings = []struct {
	target string
	header []string
}{
	{"/", nil},
	{"/livez", nil},
	{"/readyz", nil},
	{"/readyz?verbose&exclude=redis", nil},
	{"/readyz/redis", nil},
	{"/status", nil},
	{"/status", []string{"Accept", "application/json"}},
	{"/events?since=0", []string{"Accept", "application/json"}},
	{"/denials", nil},
	{"/explain?operation=Drop&key=topic:news", nil},
	{"/explain?operation=Drop&key=topic:news&confirmed", nil},
}

// TestReadingRunsNoProbe reads while probes would be welcome: nothing is proven, or the proof is too old, or the breaker is
// open.
func TestReadingRunsNoProbe(t *testing.T) {
	for _, row := range []struct {
		state string
		make  func(w *world, redis *guarded)
	}{
		{"unknown", func(*world, *guarded) {}},
		{"proven too long ago", func(w *world, redis *guarded) {
			w.prove(redis)
			sleep(10 * time.Minute)
		}},
		{"failed since", func(w *world, redis *guarded) {
			w.prove(redis)
			redis.fail(1)
		}},
		{"unhealthy", func(_ *world, redis *guarded) { redis.fail(5) }},
	} {
		t.Run(row.state, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				redis := w.guard("redis", policy(func(p *guard.Policy) { p.MaxAge = time.Second }))
				row.make(w, redis)
				before, events := redis.probed(), len(w.Events())
				for range 300 {
					for _, read := range readings {
						w.get(read.target, read.header...)
					}
					w.report() // a new one
				}
				synctest.Wait()
				if n := redis.probed() - before; n != 0 {
					t.Errorf("%d probes ran for those who read", n)
				}
				if n := len(w.Events()) - events; n != 0 {
					t.Errorf("%d events happened for those who read", n)
				}
				_ = w.AllowDestructive(guard.NewScope(t.Context()), "purge") // whoever acts has it probed, or is refused
				if n := redis.probed() - before; (n == 0) != (row.state == "unhealthy") {
					t.Errorf("%d probes ran for somebody who acts: the test shows nothing", n)
				}
			})
		})
	}
}

// TestReadingDoesNotWaitForAProbe reads while a probe hangs.
func TestReadingDoesNotWaitForAProbe(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		redis := w.guard("redis", policy(func(p *guard.Policy) { p.ProbeTimeout = time.Hour }))
		redis.hangs()
		var probing sync.WaitGroup
		probing.Go(func() { _ = w.Probe(t.Context(), "redis") })
		probing.Go(func() { _ = w.AllowDestructive(guard.NewScope(t.Context()), "purge") })
		synctest.Wait()
		if redis.probed() != 1 {
			t.Fatal("no probe hangs")
		}
		begun := time.Now()
		for range 100 {
			for _, read := range readings {
				w.get(read.target, read.header...)
			}
			w.report()
		}
		if waited := time.Since(begun); waited != 0 {
			t.Errorf("it took %s", waited)
		}
		if redis.probed() != 1 {
			t.Errorf("%d probes ran", redis.probed())
		}
		w.Close()
		probing.Wait()
	})
}
