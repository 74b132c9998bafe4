package guard

import (
	"context"
	"fmt"
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
		names = r.criticalNames()
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

// criticalNames lists what every destructive operation requires.
func (r *HealthRegistry) criticalNames() []string {
	required := r.required()
	names := make([]string, len(required))
	for i, q := range required {
		names[i] = q.name
	}
	return names
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
	if d.gone || !d.usesProbe() || d.state() != Unknown {
		return
	}
	if now := d.registry.clock.now(); now >= d.bookable() {
		d.launch(now)
	} else {
		d.watchAt = min(d.watchAt, d.bookable())
		d.schedule(now)
	}
}
