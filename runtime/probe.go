package guard

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// probeSpacing is the least time between the starts of two probes of one dependency that the gate asks for.
const probeSpacing = 50 * time.Millisecond

var errProbeExited = errors.New("probe ended its goroutine without an answer")

// flight is one probe in the air. At most one of a dependency is: a probe that does not end in its time is given up, so
// that a hung one cannot keep the breaker from closing, and its late result is dropped.
type flight struct {
	word uint64        // the word that it began under
	done chan struct{} // closed when it has been recorded
	err  error         // valid after done: nil if it succeeded
}

// launch starts a probe and returns its flight, or the one that is in the air. Requires d.mu, and a probe.
func (d *Dependency) launch(now moment) *flight {
	if d.flight != nil {
		return d.flight
	}
	f := &flight{word: d.word.Load(), done: make(chan struct{})}
	d.flight, d.lastProbe = f, now
	d.watchAt = now.add(jittered(d.policy.ProbeInterval))
	probe := d.probe
	d.registry.probing.Go(func() { d.fly(f, probe) })
	return f
}

// fly runs one probe and records its outcome. It owns its goroutine and ends within the timeout of the probe.
func (d *Dependency) fly(f *flight, probe func(context.Context) error) {
	ctx, cancel := context.WithTimeout(d.registry.ctx, d.policy.ProbeTimeout)
	defer cancel()
	answer := make(chan error, 1)
	d.registry.probing.Go(func() {
		err := errProbeExited
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("probe panicked: %v", p)
			}
			answer <- err
		}()
		err = probe(ctx)
	})
	var err error
	select {
	case err = <-answer:
	case <-ctx.Done():
		select {
		case err = <-answer: // it noticed, and may know more
		default:
			err = fmt.Errorf("probe: no answer within %s", shortDuration(d.policy.ProbeTimeout))
		}
	}
	d.landed(f, err)
}

// landed records the outcome of a probe.
func (d *Dependency) landed(f *flight, err error) {
	outcome := d.classify(context.Background(), err)
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
	f.err = err
	if d.gone {
		f.err = ErrClosed
		return
	}
	now := d.registry.clock.now()
	switch outcome {
	case OutcomeSuccess:
		f.err = nil
		d.failedProbe = 0
	case OutcomeDegraded: // PING may lie, a refused write does not
		d.failedProbe++
		d.openEpisode(now)
	default:
		d.failedProbe++
		if d.failedProbe >= 2 {
			d.openEpisode(now)
		}
	}
	if d.failedProbe == 1 && d.mode == closed {
		d.watchAt = now // the first failed probe is repeated at once
	}
	answered := d.answered
	d.recordLocked(f.word, outcome, f.err)
	d.answered = answered
}

// evidence says that a dependency is proven, or how to have it proven.
type evidence struct {
	flight     *flight       // wait for it; nil if there is no need, or no way
	retryAfter time.Duration // of no way
	err        error         // of no way
}

// prove starts or joins a probe that began no earlier than the epoch that the gate noted when it was asked.
func (d *Dependency) prove(since epoch) evidence {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.registry.clock.now()
	switch {
	case d.gone:
		return evidence{err: ErrClosed}
	case d.probe == nil:
		return evidence{err: errors.New("it has no probe, and no call has succeeded since"), retryAfter: d.policy.MaxAge}
	case d.mode != closed || d.isolated != "":
		return evidence{err: d.lastError} // no longer a matter of evidence: the gate looks again
	case d.flight != nil && epochOf(d.flight.word).since(since):
		return evidence{flight: d.flight}
	case d.flight != nil || now.sub(d.lastProbe) < probeSpacing && d.lastProbe != 0:
		return evidence{err: errors.New("it failed a moment ago, and was probed just before"), retryAfter: probeSpacing}
	}
	return evidence{flight: d.launch(now)}
}
