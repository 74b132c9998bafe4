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
	// probeLimit is how many probes that the background loops of a registry began may be in the air when another is to
	// begin. Those that somebody waits for begin all the same, and do not count.
	probeLimit = 256
	// crowdPause is about how long the loop waits while there are as many: most of what ten thousand hanging probes cost are
	// the turns that find no room.
	crowdPause = 2 * time.Second
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
	word  uint64        // the word that it began under; 0 while it is booked
	begun moment        // 0 while it is booked
	due   bool          // the background loop would have begun it too
	loop  bool          // the background loop has begun it, for nobody
	done  chan struct{} // closed when it has been recorded
	err   error         // valid after done: nil if it succeeded

	answered moment // valid after done: when it succeeded; 0 if it did not
}

// prober is a health check, and how often it hangs.
type prober struct {
	run        func(context.Context) error
	generation func(context.Context) (string, error) // read after a good run; may be nil
	hung       int                                   // runs that were given up and have not returned; guarded by the dependency's lock
}

// probing finds, in the context of a probe, the dependency that is probed: a probe that goes through the guard passes its
// breaker, which could never close otherwise.
type probing struct{}

// answer is what a probe said, already judged: the classifier is the user's code too, and runs where the probe runs.
type answer struct {
	outcome    Outcome
	err        error
	generation *string // nil: not read
}

func newFlight() *flight { return &flight{done: make(chan struct{})} }

// setProbe takes the newest probe and the newest way to read the generation, each if there is one. It gets one try at
// once even if too many of the last one hang. Requires d.mu.
func (d *Dependency) setProbe(probe func(context.Context) error, generation func(context.Context) (string, error)) {
	if probe == nil && generation == nil {
		return
	}
	next := prober{run: probe, generation: generation}
	if old := d.probe; old != nil {
		next.hung = min(old.hung, hungLimit-1)
		if next.run == nil {
			next.run = old.run
		}
		if next.generation == nil {
			next.generation = old.generation
		}
	}
	d.probe = &next
	d.recognised.Store(next.generation != nil)
	d.setFlags(false)
	d.registry.disturb()
	d.schedule(d.registry.clock.now())
}

// usesProbe reports whether probes, and not calls, find out that the dependency works again. Requires d.mu.
func (d *Dependency) usesProbe() bool { return d.probe != nil && d.probe.hung < hungLimit }

// nextTrial is the moment when a probe may try to close the open breaker. Requires d.mu.
func (d *Dependency) nextTrial() moment {
	switch {
	case d.probe == nil:
		return forever
	case d.probe.hung >= hungLimit:
		return max(d.openUntil, d.crowdedUntil, d.lastProbe.add(hungPause))
	default:
		return max(d.openUntil, d.crowdedUntil)
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
	f.word, f.begun, f.due = d.freshWord(), now, now >= d.watchAt
	d.flight, d.booked, d.lastProbe = f, nil, now
	d.airborne.Store(true)
	d.watchAt = now.add(jittered(d.policy.ProbeInterval, d.registry.random))
	probe := d.probe
	d.registry.probing.Add(1) // until it has landed
	d.registry.probing.Go(func() { d.fly(f, probe) })
	return f
}

// fly runs one probe and lands it: when it has answered, or when its time is over, whichever comes first. A probe that
// ignores its end keeps this goroutine, and nothing else.
func (d *Dependency) fly(f *flight, probe *prober) {
	ctx, cancel := context.WithTimeout(context.WithValue(d.registry.ctx, probing{}, d), d.policy.ProbeTimeout)
	defer cancel()
	var over atomic.Bool // whoever sets it first lands the flight
	stop := context.AfterFunc(ctx, func() {
		if over.CompareAndSwap(false, true) {
			d.hang(probe, 1)
			d.land(f, answer{outcome: OutcomeFailure, err: fmt.Errorf("probe: no answer within %s", shortDuration(d.policy.ProbeTimeout))})
		}
	})
	defer stop()
	said := answer{outcome: OutcomeFailure, err: errProbeExited}
	defer func() {
		if p := recover(); p != nil {
			said.err = fmt.Errorf("probe panicked: %v", p)
		}
		if over.CompareAndSwap(false, true) {
			d.land(f, said)
		} else {
			d.hang(probe, -1)
		}
	}()
	said = d.examine(ctx, probe)
}

// land records the outcome of a flight, after which another may begin.
func (d *Dependency) land(f *flight, said answer) {
	defer d.registry.probing.Done()
	d.landed(f, said)
	if f.loop {
		d.registry.flights.Add(-1)
	}
}

// crowded reports whether so many probes are in the air that the background loop begins none.
func (r *HealthRegistry) crowded() bool { return r.flights.Load() >= probeLimit }

// examine runs the probe, and reads the generation if all is well.
func (d *Dependency) examine(ctx context.Context, probe *prober) (said answer) {
	said.err = probe.run(ctx)
	said.outcome = d.classify(context.Background(), said.err)
	if said.outcome != OutcomeSuccess || probe.generation == nil {
		return said
	}
	for range 2 { // a reading that fails is repeated, so that a probe is hardly lost more often than without one
		generation, err := probe.generation(ctx)
		if err == nil {
			return answer{outcome: OutcomeSuccess, generation: &generation}
		}
		said.err, said.outcome = err, d.classify(context.Background(), err)
	}
	if said.outcome == OutcomeSuccess { // an answer, but not to the question
		said.outcome = OutcomeFailure
	}
	return said
}

// hang counts runs of a probe that were given up and have not returned.
func (d *Dependency) hang(probe *prober, more int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	probe.hung += more
	d.setFlags(false)
	d.cancelBooking()
	d.schedule(d.registry.clock.now())
}

// causeOf is the error behind a refusal of d's own breaker: a probe through its own guard would else wrap the last error,
// again and again. The error of a probe is the user's code, too, and may panic.
func (d *Dependency) causeOf(err error) (cause error) {
	cause = err
	defer func() { _ = recover() }()
	if refusal, ok := errors.AsType[*DependencyUnhealthyError](err); ok && refusal.Dependency == d.name && refusal.Cause != nil {
		cause = refusal.Cause
	}
	return cause
}

// landed records the outcome of a probe.
func (d *Dependency) landed(f *flight, said answer) {
	outcome, err := said.outcome, said.err
	err = d.causeOf(err)
	if outcome == OutcomeIgnored {
		outcome = OutcomeFailure // a probe that says nothing proves nothing
	}
	if outcome != OutcomeSuccess && d.registry.ctx.Err() == nil {
		d.failing()
		d.heed(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer close(f.done)
	d.flight = nil
	d.airborne.Store(false)
	if d.gone || d.registry.ctx.Err() != nil {
		f.err = ErrClosed
		return
	}
	now := d.registry.clock.now()
	current := sameGeneration(f.word, d.word.Load())
	if outcome == OutcomeSuccess {
		f.answered = now
		d.answered(f, current, said.generation)
	} else {
		f.err = err
		d.unanswered(f, outcome, err)
	}
	d.recordLocked(f.word, current, outcome, f.err)
	if outcome == OutcomeSuccess && !d.proven && d.mode == closed {
		d.watchAt = d.bookable() // a call failed meanwhile: once more
		d.schedule(now)
	}
}

// answered notes a probe that succeeded, in a breaker's state that is current or past. Requires d.mu.
func (d *Dependency) answered(f *flight, current bool, generation *string) {
	d.failedProbe = 0
	if d.probe.hung > 0 {
		fresh := *d.probe
		fresh.hung = 0 // those that still hang are of the past
		d.probe = &fresh
	}
	if generation != nil {
		known, readAt := d.generation, d.generatedAt
		d.generation, d.generatedAt = generation, f.begun
		if known != nil && *known != *generation {
			now := d.registry.clock.now()
			d.lastError = fmt.Errorf("its generation was %q and is %q", *known, *generation)
			d.openEpisode(now, min(readAt, d.provenAt()), d.lastError, "")
			d.emit(now, &Event{Kind: EventGeneration, Reason: "restarted, emptied or replaced: gate shut", Episode: d.episode, Err: d.lastError})
			return
		}
	}
	if current && epochOf(f.word).since(d.episodeEpoch) { // one from before says nothing of the time since
		d.probeStreak++
	}
}

// unanswered notes a probe that did not succeed. Two in a row open an episode, of those that the background loop would have
// begun too: the gate's own are many where much is destroyed, and must not make ill what is only noisy. Requires d.mu.
func (d *Dependency) unanswered(f *flight, outcome Outcome, err error) {
	now := d.registry.clock.now()
	d.lastError = err
	d.probeStreak = 0
	if f.due {
		d.failedProbe++
	}
	switch {
	case d.mode != closed: // the transition has said it
	case outcome == OutcomeDegraded: // PING may lie, a refused write does not
		d.openEpisode(now, d.provenAt(), err, "the probe is not fully served: gate shut")
	case d.failedProbe >= 2:
		d.openEpisode(now, d.provenAt(), err, "probes fail: gate shut")
	}
	if d.failedProbe <= 1 {
		d.watchAt = now // the first failed probe is repeated at once
	}
}

// prove returns a probe that begins no earlier than the epoch since, and after the moment asked if the dependency is to be
// recognised: the one in the air, or one that starts now, or as soon as the one in the air has landed and spacing allows.
// An error says why none can help; with neither, the gate must look again.
func (d *Dependency) prove(since epoch, asked moment) (*flight, error) {
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
	case d.flight != nil && epochOf(d.flight.word).since(since) && (!d.recognised.Load() || d.flight.begun > asked):
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
