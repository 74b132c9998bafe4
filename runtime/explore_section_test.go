//go:build !race

package guard

import (
	"context"
	"errors"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// kind says which section under the dependency's lock runs.
type kind uint8

const (
	recordsOutcome kind = iota // (d) record
	landsProbe                 // (d) landed, from its lock on
	provesFor                  // (d) prove
	takesTurn                  // (d) turn
	standsStill                // (d) stalled, from its lock on
)

// section is one run of a section, with what it is told.
type section struct {
	kind    kind
	begun   begun   // of the call or the probe
	outcome Outcome // of it
	read    uint8   // generation
	noted   uint8   // epoch that the gate noted
	older   bool    // the probe in the air began before the gate was asked
}

// result is the state that a section leaves, and what it answered.
type result struct {
	guard  guardState
	turned bool // another generation
	joined sight
	lapsed bool // a second probe was launched while one was in the air
}

// engineRoom runs sections on real dependencies: it puts a fresh one into a state, runs the real code, and reads the state
// off. It must run in a bubble of synctest, because it finds out what timers are set to by waiting for them. What a section
// makes of a state never changes, so it is remembered.
type engineRoom struct {
	registry *HealthRegistry
	policy   Policy
	named    bool // the dependency has a generation
	known    map[sectionOf]result
}

type sectionOf struct {
	guard   guardState
	section section
}

func newEngineRoom(threshold int, recognised bool) *engineRoom {
	r := &HealthRegistry{startHold: -1, random: func() float64 { return 0.5 }}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.clock.init()
	r.clock.start = r.clock.start.Add(-time.Hour)
	r.events.init()
	r.suspects.init()
	r.hearing.init()
	return &engineRoom{registry: r, policy: explorePolicy(threshold), named: recognised, known: make(map[sectionOf]result)}
}

// run runs one section.
func (e *engineRoom) run(g guardState, s section) result {
	asked := sectionOf{g, s}
	r, known := e.known[asked]
	if !known {
		r = e.runReally(g, s)
		e.known[asked] = r
	}
	return r
}

const (
	epochBase      = 1000
	generationNow  = 7
	generationThen = 6
)

// word is the real word of what began so.
func (b begun) word() uint64 {
	generation := uint64(generationNow)
	if b.late {
		generation = generationThen
	}
	return (epochBase+uint64(b.epoch))*epochUnit + generation*generationUnit | always
}

// word is the real word of the dependency.
func (g *guardState) word() uint64 { return begun{epoch: g.epoch}.word() | uint64(g.flags) }

var errFlown = errors.New("no answer")

// stand is a real dependency in a state, and what is needed to read the state off again.
type stand struct {
	*Dependency

	now    moment
	start  time.Time
	fired  chan struct{}
	ended  chan struct{} // lets probes end that were launched
	flight *flight
}

// enter makes a real dependency and puts it into state g.
func (e *engineRoom) enter(g guardState) *stand {
	r := e.registry
	now := r.clock.now()
	r.clock.tick.Store(uint32(now/moment(tickLength)) + 1)
	st := &stand{now: now, start: time.Now(), fired: make(chan struct{}, 1), ended: make(chan struct{})}
	at := func(left uint8) moment {
		if left == 0 {
			return now - 1
		}
		return now.add(time.Duration(left) * pace)
	}
	ago := func(age uint8) uint32 { return uint32(now.add(-time.Duration(age)*pace)/moment(tickLength)) + 1 }
	probe := func(context.Context) error { <-st.ended; return nil }
	d := &Dependency{
		tick: &r.clock.tick, registry: r, name: "redis", policy: e.policy, registered: 1, engine: newEngine(e.policy),
		mode: g.mode, proven: g.proven, failures: int(g.failures), openUntil: at(g.openFor), delay: pace, openings: 1, closedAt: 1,
		watchAt: at(g.watch), turnAt: at(g.turn), failedProbe: int(g.failedProbe), lastProbe: now.add(-pace), lastError: errFlown,
		episode: 1, episodeOpen: g.episodeOpen, callStreak: int(g.callStreak), probeStreak: int(g.probeStreak), recovered: g.recovered,
		probe: &prober{run: probe},
	}
	st.Dependency = d
	d.unnamed = newMethod(d, MethodSpec{Name: "call"})
	if e.named {
		d.probe.generation = func(context.Context) (string, error) { return "", nil }
		d.recognised.Store(true)
	}
	if g.generation != 0 {
		name := string(rune('a' + g.generation - 1))
		d.generation = &name
	}
	if g.spaced {
		d.lastProbe = now
	}
	if g.episodeEpoch != 0 {
		d.episodeEpoch = epochOf(begun{epoch: g.episodeEpoch}.word())
	}
	d.word.Store(g.word())
	d.proof.Store(uint64(proofOf(begun{epoch: g.proof.epoch}.word(), ago(g.proof.age))))
	switch {
	case g.ended == ever:
		d.episodeEnded.Store(int64(forever))
	case g.ended > 0:
		d.episodeEnded.Store(int64(at(g.ended).add(-e.policy.Hold)))
	}
	if g.noise > 0 {
		d.lastFailure.Store(int64(now))
	}
	if g.refusal {
		d.refusal.Store(shared(&DependencyUnhealthyError{Dependency: d.name, State: Unhealthy, until: time.Now()}))
	}
	switch g.mode {
	case closed:
		for range g.failures {
			d.engine.RecordFailure()
		}
	case open:
		d.engine.Open()
	case halfOpen:
		d.engine.HalfOpen()
		d.engine.TryAcquirePermit()
	}
	if g.flying {
		st.flight = &flight{word: g.flight.word(), begun: now.add(-pace), due: g.due, done: make(chan struct{})}
		d.flight = st.flight
	}
	if g.booked {
		d.booked = newFlight()
	}
	d.shown = view{d.state(), d.mode, ""}
	d.timer = time.AfterFunc(time.Hour, func() { st.fired <- struct{}{} })
	if g.timer == none {
		d.timer.Stop()
	} else {
		d.timer.Reset(time.Duration(g.timer)*pace + time.Microsecond)
	}
	return st
}

// leave reads the state off, and lets what the section began come to nothing.
func (st *stand) leave(e *engineRoom) (g guardState, turned bool) {
	d, r := st.Dependency, e.registry
	d.mu.Lock()
	left := func(m moment) uint8 { return paces(m.sub(st.now)) }
	word := d.word.Load()
	g = guardState{
		published: published{flags: uint8(word & (generationUnit - 1)), refusal: d.refusal.Load() != nil},
		epoch:     epochIn(word),
		mode:      d.mode, proven: d.proven, failures: uint8(d.failures), openFor: left(d.openUntil), watch: left(d.watchAt),
		turn: left(d.turnAt), spaced: st.now < d.bookable(), failedProbe: uint8(min(d.failedProbe, 2)), episodeOpen: d.episodeOpen,
		callStreak: uint8(min(d.callStreak, episodeStreak)), probeStreak: uint8(min(d.probeStreak, episodeStreak)),
		recovered: d.recovered, booked: d.booked != nil, flying: d.flight != nil,
	}
	if p := proof(d.proof.Load()); p != 0 {
		age := st.now.sub(r.clock.at(p.tick())) / pace
		g.proof = evidence{epoch: uint8(uint64(p)>>32 - epochBase), age: uint8(min(age, goneBy))}
	}
	switch ended := moment(d.episodeEnded.Load()); {
	case ended == forever:
		g.ended = ever
	case ended > 0:
		g.ended = left(ended.add(e.policy.Hold))
	}
	if max(moment(d.lastFailure.Load()), moment(d.lastRefusal.Load())).add(e.policy.Quiet) > st.now {
		g.noise = quietLeft
	}
	if d.generation != nil {
		g.generation = (*d.generation)[0] - 'a' + 1
	}
	if d.episodeEpoch != 0 {
		g.episodeEpoch = uint8(d.episodeEpoch - epochBase)
	}
	if f := d.flight; f != nil {
		g.flight, g.due = begun{epoch: epochIn(f.word), late: !sameGeneration(f.word, word)}, f.due
	}
	turned = !sameGeneration(word, begun{}.word())
	if engine := d.engine.State(); (d.mode == closed) != (engine == circuitbreaker.ClosedState) || d.degradedUntil != 0 || d.lease != 0 {
		panic("the explorer leaves out what this section does")
	}
	d.mu.Unlock()
	g.timer = none
	wait := time.NewTimer(time.Minute)
	select {
	case <-st.fired:
		g.timer = paces(time.Since(st.start))
	case <-wait.C:
	}
	wait.Stop()
	d.mu.Lock()
	d.gone = true
	d.timer.Stop()
	d.mu.Unlock()
	close(st.ended)
	return g, turned
}

func epochIn(word uint64) uint8 { return uint8(epochOf(word) - epochBase) }

// paces rounds up, where less than a millisecond is nothing.
func paces(d time.Duration) uint8 {
	if d < time.Millisecond {
		return 0
	}
	return uint8((d - time.Millisecond + pace - 1) / pace)
}

// runReally runs the real section.
func (e *engineRoom) runReally(g guardState, s section) (r result) {
	st := e.enter(g)
	d := st.Dependency
	flew := d.flight
	switch s.kind {
	case recordsOutcome:
		var err error
		if s.outcome != OutcomeSuccess {
			err = errDown
		}
		d.record(s.begun.word(), s.outcome, err)
	case landsProbe:
		d.landsAs(st.flight, s.outcome, s.read)
	case provesFor:
		asked := st.now
		if st.flight != nil && !s.older {
			asked = st.flight.begun - 1
		}
		f, err := d.prove(epochOf(begun{epoch: s.noted}.word()), asked)
		switch {
		case err != nil:
			r.joined = failed
		case f == nil:
		case f == d.flight:
			r.joined = awaitsAir
		default:
			r.joined = awaitsBooked
		}
	case takesTurn:
		d.turn()
	case standsStill:
		d.mu.Lock()
		d.openEpisode(st.now, 1, errStalled, "")
		d.sync(st.now, "")
		d.mu.Unlock()
	}
	r.lapsed = flew != nil && s.kind != landsProbe && d.flight != flew
	r.guard, r.turned = st.leave(e)
	return r
}

// landsAs is landed after its failing(): the same lines, because what comes before the lock is a step of its own.
func (d *Dependency) landsAs(f *flight, outcome Outcome, read uint8) {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer close(f.done)
	d.flight = nil
	now := d.registry.clock.now()
	current := sameGeneration(f.word, d.word.Load())
	if outcome == OutcomeSuccess {
		f.answered = now
		d.answered(f, current, nameOf(read))
	} else {
		f.err = errFlown
		d.unanswered(f, outcome, errFlown)
	}
	d.recordLocked(f.word, current, outcome, f.err)
	if outcome == OutcomeSuccess && !d.proven && d.mode == closed {
		d.watchAt = d.bookable()
		d.schedule(now)
	}
}

// nameOf is a generation as a probe reads it; nil for none.
func nameOf(generation uint8) *string {
	if generation == 0 {
		return nil
	}
	name := string(rune('a' + generation - 1))
	return &name
}
