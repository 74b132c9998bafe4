package guard

import (
	"context"
	"errors"
	"fmt"
)

// SetState reports what somebody else observed of a dependency: [Unhealthy] opens its breaker, and probes heal it;
// [Healthy] is one proof, which closes it, while the episode and hold take their time; [Degraded] sheds heavy reads for
// 5 s; [Unknown] discards the proof. Nothing of it lasts; see [HealthRegistry.Isolate] for what does. It returns an error
// if the dependency is unknown or isolated, or the registry is closed.
func (r *HealthRegistry) SetState(name string, state DependencyState, reason string) error {
	if state > Unhealthy {
		return fmt.Errorf("guard: unknown state %d", state)
	}
	d, err := r.controllable(name)
	if err != nil {
		return err
	}
	switch state {
	case Unhealthy, Degraded:
		d.failing()
	case Unknown:
		d.unprove()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := r.clock.now()
	if d.isolated != "" {
		return fmt.Errorf("guard: dependency %q is isolated (%s): restore it first", name, d.isolated)
	}
	d.callStreak = 0
	switch state {
	case Unhealthy:
		d.lastError = errors.New(reason)
		d.engine.Open()
	case Degraded:
		d.lastError = errors.New(reason)
		d.degrade(now)
	case Unknown:
		d.proven, d.degradedUntil = false, 0
	case Healthy:
		d.engine.Close()
		d.degradedUntil = 0
		d.succeeded(d.word.Load(), true)
	}
	d.sync(now, reason)
	return nil
}

// RecordSuccess reports a success that was observed outside of a guarded call, just now. While the breaker is open only
// a trial closes it, so that it counts only for a dependency without a probe whose delay is over.
func (r *HealthRegistry) RecordSuccess(name string) error {
	d, err := r.controllable(name)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.isolated == "" && (d.mode == closed || d.takeTrialLocked(0)) {
		d.recordLocked(d.word.Load(), true, OutcomeSuccess, nil)
	}
	return nil
}

// RecordFailure reports a failure that was observed outside of a guarded call. Its error is judged by the classifier of
// the dependency. While the breaker is half-open only its trial decides.
func (r *HealthRegistry) RecordFailure(name string, failure error) error {
	d, err := r.controllable(name)
	if err != nil {
		return err
	}
	if failure == nil {
		return fmt.Errorf("guard: RecordFailure(%q) without an error: use RecordSuccess", name)
	}
	outcome := d.classify(context.Background(), failure)
	if outcome == OutcomeFailure || outcome == OutcomeDegraded {
		d.failing()
		d.heed(failure)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.recordLocked(d.word.Load(), d.mode == closed, outcome, failure)
	return nil
}

// Isolate takes a dependency out by hand, until [HealthRegistry.Restore]: all its calls are refused, nothing probes it,
// and the gate is shut for all who require it, break-glass included. Isolating again changes the reason.
func (r *HealthRegistry) Isolate(name, reason string) error {
	d, err := r.controllable(name)
	if err != nil {
		return err
	}
	if reason == "" {
		return fmt.Errorf("guard: isolating %q needs a reason", name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := r.clock.now()
	if d.isolated == "" {
		d.isolatedAt = now
	}
	d.isolated = reason
	d.engine.Open()
	d.refuseWith(now.add(hopeless)) // before the word says so
	d.openEpisode(now, d.provenAt(), errors.New("it was isolated: "+reason), "")
	d.sync(now, "isolated: "+reason)
	d.refuseWith(now.add(hopeless)) // opening has set its own, and its own cause
	cause := errors.New("it was isolated: " + reason)
	d.illness.Store(&cause)
	return nil
}

// Restore ends an isolation. The breaker is still open; a probe closes it at once if the dependency works, and hold runs
// from the end of the episode.
func (r *HealthRegistry) Restore(name string) error {
	d, err := r.controllable(name)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.isolated == "" {
		return fmt.Errorf("guard: dependency %q is not isolated", name)
	}
	now := r.clock.now()
	d.isolated = ""
	d.openings, d.delay, d.openUntil = 0, 0, now
	d.refuseWith(now)
	d.sync(now, "restored")
	return nil
}

// Probe runs the probe of a dependency now, or joins the one that runs: as the trial if the breaker is open, whatever is
// left of its delay. It returns nil if the dependency answered, and its error, or that of ctx, otherwise.
func (r *HealthRegistry) Probe(ctx context.Context, name string) error {
	d, err := r.controllable(name)
	if err != nil {
		return err
	}
	for {
		f, stale, err := d.probeNow()
		if err != nil {
			return err
		}
		select {
		case <-f.done:
			if !stale {
				return f.err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// probeNow starts a probe or joins the one in the air. A stale one began before the breaker opened, and decides nothing.
func (d *Dependency) probeNow() (f *flight, stale bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.registry.clock.now()
	switch {
	case d.gone:
		return nil, false, ErrClosed
	case d.probe == nil:
		return nil, false, fmt.Errorf("guard: dependency %q has no probe", d.name)
	case !d.usesProbe():
		return nil, false, errProbesHang
	case d.isolated != "":
		return nil, false, fmt.Errorf("guard: dependency %q is isolated (%s): restore it first", d.name, d.isolated)
	case d.mode == open && d.flight != nil:
		return d.flight, true, nil
	case d.mode == open:
		d.tryProbe(now, "probing on request")
	}
	return d.launch(now), false, nil
}

// controllable finds a dependency of a registry that is not closed.
func (r *HealthRegistry) controllable(name string) (*Dependency, error) {
	if r.ctx.Err() != nil {
		return nil, ErrClosed
	}
	return r.lookup(name)
}
