package guard

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// WaitHealthy waits until the named dependencies, or all critical ones, are healthy: what a cache refresh loop does before
// it reads everything again. Those whose state is unknown are probed. It returns nil, the error of ctx, [ErrClosed], or
// [ErrUnknownDependency].
func (r *HealthRegistry) WaitHealthy(ctx context.Context, names ...string) error {
	for {
		changed := r.events.wait()
		sick, err := r.sick(names)
		if err != nil || len(sick) == 0 {
			return err
		}
		for _, d := range sick {
			d.probeUnknown()
		}
		select {
		case <-changed:
		case <-r.ctx.Done():
			return ErrClosed
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", sick[0].name, ctx.Err())
		}
	}
}

// sick lists the dependencies among names, or among the critical ones, that are not healthy.
func (r *HealthRegistry) sick(names []string) ([]*Dependency, error) {
	if r.ctx.Err() != nil {
		return nil, ErrClosed
	}
	var sick []*Dependency
	if len(names) == 0 {
		for _, d := range r.sorted() {
			if !d.policy.Optional {
				names = append(names, d.name)
			}
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("%w: no critical one is registered", ErrUnknownDependency)
		}
	}
	for _, name := range names {
		d, err := r.lookup(name)
		if err != nil {
			return nil, err
		}
		if d.currentState() != Healthy {
			sick = append(sick, d)
		}
	}
	return sick, nil
}

func (d *Dependency) currentState() DependencyState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state()
}

// probeUnknown probes d if nothing is known of it yet; whether that helps shows in its state.
func (d *Dependency) probeUnknown() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone || d.probe == nil || d.state() != Unknown {
		return
	}
	if now := d.registry.clock.now(); d.lastProbe == 0 || now.sub(d.lastProbe) >= probeSpacing {
		d.launch(now)
	}
}

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
// one is unhealthy. It panics if interval is not positive.
func NewPoller(r *HealthRegistry, interval time.Duration, names ...string) *Poller {
	if interval <= 0 {
		panic("guard: NewPoller: interval must be positive")
	}
	return &Poller{registry: r, interval: interval, names: slices.Clone(names)}
}

// Run calls turn again and again, each time in a scope of its own, until ctx ends or the registry is closed. It returns
// the error of ctx, [ErrClosed], or [ErrUnknownDependency]. The first turn comes at once, if nothing is unhealthy.
func (p *Poller) Run(ctx context.Context, turn func(context.Context)) error {
	for {
		if err := p.rest(ctx); err != nil {
			return err
		}
		turn(NewScope(ctx))
		if err := p.pace(ctx); err != nil {
			return err
		}
	}
}

// rest waits while a dependency is unhealthy.
func (p *Poller) rest(ctx context.Context) error {
	for {
		changed := p.registry.events.wait()
		state, err := p.state()
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || state != Unhealthy {
			return err
		}
		select {
		case <-changed:
		case <-p.registry.ctx.Done():
		case <-ctx.Done():
		}
	}
}

// pace waits between two turns. What changes meanwhile changes the wait.
func (p *Poller) pace(ctx context.Context) error {
	began := time.Now()
	interval := jittered(p.interval)
	for {
		changed := p.registry.events.wait()
		state, err := p.state()
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || state == Unhealthy {
			return err // unhealthy: rest takes over
		}
		pause := interval
		if state == Degraded {
			pause *= slowdown
		}
		left := pause - time.Since(began)
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-changed:
		case <-p.registry.ctx.Done():
		case <-ctx.Done():
		}
		timer.Stop()
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
