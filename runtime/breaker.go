package guard

import (
	"context"
	"fmt"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// degradedFor is how long a dependency stays degraded after the last cause, and how long it then stays healthy before
// it can be degraded again: a steady 1 % of errors must neither shed heavy reads for good nor flood the log.
const degradedFor = 5 * time.Second

// failing notes a failure before anybody hears of it: the epoch is bumped, so that no success begun earlier proves the
// dependency any more. It returns the moment of the failure.
func (d *Dependency) failing() moment {
	now := d.registry.clock.now()
	for {
		last := d.lastFailure.Load()
		if last >= int64(now) || d.lastFailure.CompareAndSwap(last, int64(now)) {
			break
		}
	}
	d.unprove()
	return now
}

// unproveRefused is unprove for a refusal; one by the breaker speaks for all that follow until something else begins.
func (d *Dependency) unproveRefused() {
	for {
		word := d.word.Load()
		next := word + epochUnit
		if word&refusing != 0 {
			next |= noted
		}
		if d.word.CompareAndSwap(word, next) {
			d.registry.disturb()
			return
		}
	}
}

// unprove makes every proof worthless, and every success of a call that has begun.
func (d *Dependency) unprove() {
	d.word.Add(epochUnit)
	d.registry.disturb()
}

// record accounts for the outcome of a call that began under word. Results of an older generation are late: the engine
// does not see them. A failure must have gone through failing before.
func (d *Dependency) record(word uint64, outcome Outcome, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	current := sameGeneration(word, d.word.Load())
	if outcome == OutcomeSuccess && d.mode == open && d.lost != 0 && sameGeneration(word, d.lost) && d.isolated == "" {
		current = d.permit() // the last trial came back late, but it did come back
	}
	d.recordLocked(word, current, outcome, err)
}

// recordLocked is record for those who hold the lock and know whether the result is current. Requires d.mu.
func (d *Dependency) recordLocked(word uint64, current bool, outcome Outcome, err error) {
	if d.gone {
		return
	}
	now := d.registry.clock.now()
	reason := ""
	switch outcome {
	case OutcomeSuccess:
		d.succeeded(word, current)
		reason = "answered"
	case OutcomeFailure:
		d.lastError = err
		d.callStreak, d.recovered = 0, false
		if current {
			d.failures++
			d.engine.RecordFailure()
			reason = d.failureReason()
			d.noteDegradation(now)
		}
	case OutcomeDegraded:
		d.lastError = err
		d.callStreak, d.recovered = 0, false
		if current {
			if d.mode == halfOpen { // it is there: the breaker may close; proof and episode go their own way
				d.engine.RecordSuccess()
			}
			d.degrade(now)
			reason = "there, but not fully usable"
		}
	case OutcomeIgnored:
		if current && d.mode == halfOpen { // the engine has no way to give a permit back but to open
			d.engine.Open()
			d.openings = max(0, d.openings-1) // the delay is repeated, not grown
			reason = "trial without result"
		}
	}
	d.sync(now, reason)
}

// succeeded records a success that began under word. Requires d.mu.
func (d *Dependency) succeeded(word uint64, current bool) {
	if current {
		d.engine.RecordSuccess()
		d.failures = 0
		d.askedFor.Store(0)
		d.proven = d.proven || d.mode == halfOpen
	}
	if epochOf(d.word.Load()) != epochOf(word) {
		return // begun before the last failure: it proves nothing
	}
	d.proof.Store(uint64(proofOf(word, d.tick.Load())))
	if !d.proven {
		d.proven = true
		d.hears(d.registry.clock.now())
	}
	d.callStreak++
	d.recovered = d.recovered || d.callStreak >= episodeStreak
}

// failureReason says for the log why the breaker opens, if it opens now. Requires d.mu.
func (d *Dependency) failureReason() string {
	switch t := d.policy.Threshold; {
	case d.mode == halfOpen:
		return "trial failed"
	case t.Percent > 0:
		return fmt.Sprintf("%d%% of calls failed within %s", t.Percent, shortDuration(t.Period))
	case t.Period > 0:
		return fmt.Sprintf("%d failures within %s", t.Failures, shortDuration(t.Period))
	default:
		return fmt.Sprintf("%d consecutive failures", d.failures)
	}
}

// noteDegradation degrades the dependency when its failures are half way to the threshold, though never below two.
// Requires d.mu.
func (d *Dependency) noteDegradation(now moment) {
	if d.mode != closed {
		return
	}
	t := d.policy.Threshold
	half := max(2, (t.Failures+1)/2)
	switch {
	case t.Percent > 0: // just recorded, so that the engine's window is up to date
		half = max(2, (t.MinCalls*t.Percent/100+1)/2)
		if m := d.engine.Metrics(); int(m.Failures()) < half || m.FailureRate() < float64(t.Percent)/200 {
			return
		}
	case t.Period > 0:
		d.recent = append(d.recent, now)
		if len(d.recent) > half {
			d.recent = d.recent[1:]
		}
		if len(d.recent) < half || now.sub(d.recent[0]) > t.Period {
			return
		}
	case d.failures < half:
		return
	}
	d.degrade(now)
}

// degrade sheds heavy reads from now on, unless they were shed until just now. Requires d.mu.
func (d *Dependency) degrade(now moment) {
	if d.degradedUntil == 0 && now < d.calmUntil {
		return
	}
	d.degradedUntil = now.add(degradedFor)
	d.shed.Store(shared(&DependencyUnhealthyError{
		Dependency: d.name, State: Degraded, Cause: d.lastError, until: d.registry.clock.wall(d.degradedUntil),
	}))
}

// sync carries what the engine decided over to mode, word, schedule and events. It ends every change. Requires d.mu.
func (d *Dependency) sync(now moment, reason string) {
	changed := false
	if d.mode != closed && d.engine.State() == circuitbreaker.ClosedState {
		changed = true
		d.mode, d.closedAt, d.lease, d.lost = closed, now, 0, 0
		d.failures, d.recent = 0, nil
		d.turnAt = now.add(episodeTurn)
	}
	if d.engine.State() == circuitbreaker.OpenState && d.mode != open {
		changed = true
		d.opened(now)
	}
	d.setFlags(changed)
	d.announce(now, reason)
	d.cancelBooking()
	d.schedule(now)
}

// opened starts the delay of an open breaker: longer at each opening, until it has once stayed closed for the longest
// delay. Requires d.mu.
func (d *Dependency) opened(now moment) {
	if d.mode == closed && now.sub(d.closedAt) >= d.policy.Backoff.Max {
		d.openings = 0
	}
	d.mode, d.lease = open, 0
	d.delay = d.policy.Backoff.delay(d.openings, d.registry.random)
	if asked := moment(d.askedFor.Load()); asked > now {
		d.delay = max(d.delay, min(asked.sub(now), d.policy.Backoff.Max))
	}
	d.openings++
	d.openUntil = now.add(d.delay)
	d.degradedUntil, d.calmUntil = 0, 0
	d.refuseWith(d.openUntil) // before the word says so
	d.openEpisode(now, d.provenAt(), d.lastError, "")
}

// refuseWith sets the error that refused calls return. Requires d.mu.
func (d *Dependency) refuseWith(until moment) {
	d.refusal.Store(shared(&DependencyUnhealthyError{
		Dependency: d.name, State: Unhealthy, Cause: d.lastError, Isolated: d.isolated, until: d.registry.clock.wall(until),
	}))
}

// permit makes the engine half-open and takes its one permit. Requires d.mu, and d.mode open.
func (d *Dependency) permit() bool {
	d.engine.HalfOpen()
	if d.engine.TryAcquirePermit() {
		d.mode = halfOpen
		return true
	}
	d.engine.Open()
	return false
}

// try lets one trial begin, which has until then. Requires d.mu, and d.mode open.
func (d *Dependency) try(now, until moment, reason string) bool {
	if !d.permit() {
		return false
	}
	d.refuseWith(until)
	d.setFlags(true)
	d.sync(now, reason)
	return true
}

// admit decides about a call that does not simply run: it returns the word to run under, or the refusal. Without a
// probe, the first regular call after the delay is the trial; its time is bounded by a lease, so that a trial which
// hangs, panics or is forgotten counts as failed. A call whose context is done already is no trial.
func (d *Dependency) admit(ctx context.Context, m *Method) (word uint64, refusal *DependencyUnhealthyError, admitted bool) {
	word = d.word.Load()
	switch {
	case word&m.refuse == 0:
		return word, nil, true
	case word&refusing == 0:
		return word, d.shed.Load(), false
	case word&trying != 0 && m.spec.Class == Regular && ctx.Err() == nil && d.takeTrial(m.timeout):
		return d.freshWord(), nil, true
	default:
		return word, d.refusal.Load(), false
	}
}

// takeTrial makes the calling goroutine's call, with its timeout, the trial of a dependency without a probe, if one is due.
func (d *Dependency) takeTrial(timeout time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.takeTrialLocked(timeout)
}

// takeTrialLocked is takeTrial for those who hold the lock. The lease grows with the delay, so that a slow dependency gets
// its time. Requires d.mu.
func (d *Dependency) takeTrialLocked(timeout time.Duration) bool {
	now := d.registry.clock.now()
	if d.usesProbe() || d.mode != open || d.isolated != "" || d.gone || now < d.openUntil {
		return false
	}
	d.lease = now.add(max(d.policy.ProbeTimeout, timeout, d.delay))
	return d.try(now, d.lease, "a call tries")
}
