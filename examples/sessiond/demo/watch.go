package main

import (
	"context"
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// watchEvery is how often a watch looks.
const watchEvery = 20 * time.Millisecond

// watch looks at a guarded world's registry: when its dependencies are well, when its gate is open. Safe for concurrent
// use.
type watch struct {
	registry *guard.HealthRegistry
	names    []string

	mu       sync.Mutex
	calm     bool                 // no fault is injected
	returned time.Time            // both dependencies are back for good; zero before
	notYet   map[string]time.Time // when a dependency's breaker, or the gate (""), was last seen not closed, or not open
	failed   map[string]time.Time // last failure of each dependency
	healthy  []stretch
	ongoing  bool // the last of healthy goes on
	looked   time.Time
}

// stretch is an interval of continuous health: no fault is injected and no call fails, both breakers are closed, and no
// episode of ill health goes on.
type stretch struct{ from, to time.Time }

func newWatch(registry *guard.HealthRegistry, names ...string) *watch {
	return &watch{registry: registry, names: names, notYet: make(map[string]time.Time), failed: make(map[string]time.Time)}
}

// run looks until ctx is done.
func (w *watch) run(ctx context.Context) {
	for wait(ctx, watchEvery) == nil {
		w.look(time.Now())
	}
}

// look looks once.
func (w *watch) look(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked = now
	well := w.calm
	for _, name := range w.names {
		health, _ := w.registry.Health(name)
		if health.Breaker != "closed" {
			w.notYet[name] = now
		}
		well = well && health.Breaker == "closed" && !health.Recovering && health.LastFailure.Equal(w.failed[name])
		w.failed[name] = health.LastFailure
	}
	if !gateOpen(w.registry) {
		w.notYet[""] = now
	}
	switch {
	case well && w.ongoing:
		w.healthy[len(w.healthy)-1].to = now
	case well:
		w.healthy = append(w.healthy, stretch{now, now})
	}
	w.ongoing = well
}

// gateOpen reports whether the gate would let a session end that nothing speaks against. Where only a fresh proof is
// missing, asking would fetch one.
func gateOpen(registry *guard.HealthRegistry) bool {
	decision := registry.Explain(guard.NewScope(context.Background()), "EndSession")
	return decision.Allowed || decision.Reason == guard.ReasonUnproven
}

// phase tells the watch whether faults are injected from now on; final, that none ever will be again.
func (w *watch) phase(calm, final bool) {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calm = calm
	if !calm {
		w.ongoing = false
	}
	if final {
		w.returned = now
	}
}

// recovery is how long it took from the dependencies' return.
type recovery struct {
	closed map[string]time.Duration // until a dependency's breaker was closed, to stay so
	open   time.Duration            // until the gate was open, to stay so
}

// recovery is meaningful once the dependencies are back.
func (w *watch) recovery() recovery {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := func(name string) time.Duration { return max(0, w.notYet[name].Sub(w.returned)) }
	r := recovery{closed: make(map[string]time.Duration), open: since("")}
	for _, name := range w.names {
		r.closed[name] = since(name)
	}
	return r
}

// stretches returns the stretches of continuous health so far.
func (w *watch) stretches() []stretch {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]stretch(nil), w.healthy...)
}

// wellFor is how long health has gone on now, without a break.
func (w *watch) wellFor() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ongoing {
		return 0
	}
	last := w.healthy[len(w.healthy)-1]
	return last.to.Sub(last.from)
}

// openFor is how long the gate has been open now, without a break.
func (w *watch) openFor() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(0, w.looked.Sub(w.notYet[""])-watchEvery)
}

// closed reports whether every breaker is closed now.
func (w *watch) closed() bool {
	for _, name := range w.names {
		if health, _ := w.registry.Health(name); health.Breaker != "closed" {
			return false
		}
	}
	return true
}
