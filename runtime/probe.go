package guard

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// probeSpacing is the least time between the starts of two probes that the gate asks for.
	probeSpacing = 50 * time.Millisecond
	// hungLimit is how many probes may hang although their time is over. From then on, until one succeeds, calls find out
	// that the dependency works again, as if it had no probe, and probes are only a slow second way, one in hungPause, so that
	// they do not pile up.
	hungLimit = 8
	hungPause = 10 * time.Minute
)

var (
	errProbeExited = errors.New("probe ended its goroutine without an answer")
	errProbesHang  = errors.New("too many probes ignore that their time is over")
	errNoProbe     = errors.New("it has no probe, and no call has succeeded since its last failure")
)

// flight is one probe. At most one of a dependency is in the air; one that does not end in its time is given up, and its
// late result is dropped.
type flight struct {
	word uint64        // the word that it began under; 0 while it is booked
	done chan struct{} // closed when it has been recorded
	err  error         // valid after done: nil if it succeeded

	answered moment // valid after done: when it succeeded; 0 if it did not
}

// prober is a health check, and how often it hangs.
type prober struct {
	run  func(context.Context) error
	hung int // runs that were given up and have not returned; guarded by the dependency's lock
}

// answer is what a probe said, already judged: the classifier is the user's code too, and runs where the probe runs.
type answer struct {
	outcome Outcome
	err     error
}

func newFlight() *flight { return &flight{done: make(chan struct{})} }

// setProbe takes the newest probe, which gets one try at once even if too many of the last one hang. Requires d.mu.
func (d *Dependency) setProbe(probe func(context.Context) error) {
	if probe != nil {
		hung := 0
		if d.probe != nil {
			hung = min(d.probe.hung, hungLimit-1)
		}
		d.probe = &prober{run: probe, hung: hung}
		d.schedule(d.registry.clock.now())
	}
}

// usesProbe reports whether probes, and not calls, find out that the dependency works again. Requires d.mu.
func (d *Dependency) usesProbe() bool { return d.probe != nil && d.probe.hung < hungLimit }

// nextTrial is the moment when a probe may try to close the open breaker. Requires d.mu.
func (d *Dependency) nextTrial() moment {
	switch {
	case d.probe == nil:
		return forever
	case d.probe.hung >= hungLimit:
		return max(d.openUntil, d.lastProbe.add(hungPause))
	default:
		return d.openUntil
	}
}

// launch starts a probe, the booked one if there is one, or joins the one that is in the air. Requires d.mu, and a probe.
func (d *Dependency) launch(now moment) *flight {
	if d.flight != nil {
		return d.flight
	}
	f := d.booked
	if f == nil {
		f = newFlight()
	}
	f.word = d.word.Load()
	d.flight, d.booked, d.lastProbe = f, nil, now
	d.watchAt = now.add(jittered(d.policy.ProbeInterval))
	probe := d.probe
	d.registry.probing.Go(func() { d.fly(f, probe) })
	return f
}

// fly runs one probe and records its outcome. It owns its goroutine and ends within the timeout of the probe.
func (d *Dependency) fly(f *flight, probe *prober) {
	ctx, cancel := context.WithTimeout(d.registry.ctx, d.policy.ProbeTimeout)
	defer cancel()
	answers := make(chan answer, 1)
	var over atomic.Bool // whoever sets it first decides whether the probe was given up
	d.registry.probing.Go(func() {
		said := answer{OutcomeFailure, errProbeExited}
		defer func() {
			if p := recover(); p != nil {
				said.err = fmt.Errorf("probe panicked: %v", p)
			}
			answers <- said
			if !over.CompareAndSwap(false, true) {
				d.hang(probe, -1)
			}
		}()
		err := probe.run(ctx)
		outcome := d.classify(context.Background(), err)
		said = answer{outcome, err}
	})
	select {
	case said := <-answers:
		d.landed(f, said)
	case <-ctx.Done():
		if !over.CompareAndSwap(false, true) {
			d.landed(f, <-answers) // it noticed, and may know more
			return
		}
		d.hang(probe, 1)
		d.landed(f, answer{OutcomeFailure, fmt.Errorf("probe: no answer within %s", shortDuration(d.policy.ProbeTimeout))})
	}
}

// hang counts runs of a probe that were given up and have not returned.
func (d *Dependency) hang(probe *prober, more int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	probe.hung += more
	d.cancelBooking()
	d.schedule(d.registry.clock.now())
}

// landed records the outcome of a probe.
func (d *Dependency) landed(f *flight, said answer) {
	outcome, err := said.outcome, said.err
	if outcome == OutcomeIgnored {
		outcome = OutcomeFailure // a probe that says nothing proves nothing
	}
	if outcome != OutcomeSuccess && d.registry.ctx.Err() == nil {
		d.failing()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer close(f.done)
	d.flight = nil
	if d.gone || d.registry.ctx.Err() != nil {
		f.err = ErrClosed
		return
	}
	now := d.registry.clock.now()
	current := sameGeneration(f.word, d.word.Load())
	if outcome == OutcomeSuccess {
		f.answered = now
		d.failedProbe = 0
		if current { // one from before the last opening says nothing of the time since
			d.probeStreak++
		}
		if d.probe.hung > 0 {
			d.probe = &prober{run: d.probe.run} // those that still hang are of the past
		}
	} else {
		f.err, d.lastError = err, err
		d.failedProbe++
		d.probeStreak = 0
		if outcome == OutcomeDegraded || d.failedProbe >= 2 { // PING may lie, a refused write does not
			d.openEpisode(now)
		}
		if d.failedProbe == 1 {
			d.watchAt = now // the first failed probe is repeated at once
		}
	}
	d.recordLocked(f.word, current, outcome, f.err)
	if outcome == OutcomeSuccess && !d.proven && d.mode == closed {
		d.watchAt = d.bookable() // a call failed meanwhile: once more
		d.schedule(now)
	}
}

// prove returns a probe that begins no earlier than the epoch since: the one in the air, or one that starts now, or as
// soon as the one in the air has landed and spacing allows. An error says why none can help; with neither, the gate must
// look again.
func (d *Dependency) prove(since epoch) (*flight, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.registry.clock.now()
	switch {
	case d.gone:
		return nil, ErrClosed
	case d.mode != closed || d.isolated != "":
		return nil, nil
	case d.probe == nil:
		return nil, errNoProbe
	case !d.usesProbe():
		return nil, errProbesHang
	case d.flight != nil && epochOf(d.flight.word).since(since):
		return d.flight, nil
	case d.flight == nil && now >= d.bookable():
		return d.launch(now), nil
	}
	if d.booked == nil {
		d.booked = newFlight()
		d.schedule(now)
	}
	return d.booked, nil
}

// bookable is the moment from which the gate may start a probe. Requires d.mu.
func (d *Dependency) bookable() moment {
	if d.lastProbe == 0 {
		return 0
	}
	return d.lastProbe.add(probeSpacing)
}

// cancelBooking ends a booked probe that cannot start any more. Requires d.mu.
func (d *Dependency) cancelBooking() {
	if d.booked == nil || d.mode == closed && d.isolated == "" && !d.gone && d.usesProbe() {
		return
	}
	d.booked.err = &DependencyUnhealthyError{Dependency: d.name, State: Unhealthy, Cause: d.lastError}
	close(d.booked.done)
	d.booked = nil
}
