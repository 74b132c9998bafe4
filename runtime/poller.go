package guard

import (
	"context"
	"slices"
	"time"
)

// slowdown is how many times slower a poller runs while a dependency is degraded.
const slowdown = 4

// Poller paces a loop by the health of what it polls: slower when that is degraded, still when it is unhealthy, and
// awake again when it recovers. Make one with [NewPoller]. Safe for concurrent use.
type Poller struct {
	registry *HealthRegistry
	interval time.Duration
	names    []string
}

// NewPoller returns a poller with a turn each interval (±20 %, so that many processes do not poll as one) while the
// named dependencies, or all, are healthy or unknown; a turn each four intervals while one is degraded; and none while
// one is unhealthy. It panics if r is nil or interval is not positive.
func NewPoller(r *HealthRegistry, interval time.Duration, names ...string) *Poller {
	if r == nil || interval <= 0 {
		panic("guard: NewPoller: it needs a registry, and the interval must be positive")
	}
	return &Poller{registry: r, interval: interval, names: slices.Clone(names)}
}

// Run calls turn again and again, each time in a scope of its own, until ctx ends or the registry is closed. It returns
// the error of ctx, [ErrClosed], or [ErrUnknownDependency]. The first turn comes at once, if nothing is unhealthy; later
// ones never follow faster than the shortest interval, so that what is due when a dependency recovers is done then, once.
func (p *Poller) Run(ctx context.Context, turn func(context.Context)) error {
	var pause time.Duration
	last := time.Now()
	for {
		if err := p.wait(ctx, last, pause); err != nil {
			return err
		}
		last, pause = time.Now(), jittered(p.interval, p.registry.random)
		turn(NewScope(ctx))
	}
}

// wait returns when the pause since the last turn is over, stretched while degraded, and nothing is unhealthy.
func (p *Poller) wait(ctx context.Context, last time.Time, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		changed := p.registry.events.wait()
		state, err := p.state()
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		left := pause - time.Since(last)
		if state == Degraded {
			left += (slowdown - 1) * pause
		}
		if state != Unhealthy && left <= 0 {
			return nil
		}
		if state != Unhealthy {
			timer.Reset(left)
		}
		select {
		case <-timer.C:
		case <-changed:
		case <-p.registry.ctx.Done():
		case <-ctx.Done():
		}
	}
}

// state is the worst state of what is polled, where unknown does not slow down.
func (p *Poller) state() (DependencyState, error) {
	r := p.registry
	if r.ctx.Err() != nil {
		return Unknown, ErrClosed
	}
	names, state := p.names, Healthy
	if len(names) == 0 {
		for _, d := range r.sorted() {
			names = append(names, d.name)
		}
	}
	for _, name := range names {
		d, err := r.lookup(name)
		if err != nil {
			return Unknown, err
		}
		if s := d.currentState(); s != Unknown {
			state = worse(state, s)
		}
	}
	return state, nil
}
