//go:build !race

package guard

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The explorer walks through every interleaving of two callers, a reaper, the background loop of one dependency and the
// world, and checks the promises C1, C2, C4 and C7 in each state that it reaches. This file says what a state is, and
// explore_plot_test.go who acts; explore_section_test.go runs the real critical sections; explore_call_test.go,
// explore_gate_test.go and explore_background_test.go are the steps between them; explore_truth_test.go judges;
// explore_search_test.go is the search.
//
// What is real: every section under the dependency's lock (record, prove, turn, and what landed and stalled do under it), run
// on a [Dependency] that is put into the state, engine and timer included; the decision, the budget, the suspects, proofs
// and words. What is written down once more is the order of the atomic operations outside of the lock, and the order in
// which a section's stores become visible to those who read without it (see store). TestStepsAloneDoWhatTheRuntimeDoes
// holds the former against the real methods.
//
// What is left out: more than one dependency, so that optional ones and the marks of their refusals are; a degraded state; a
// dependency without a probe, and so many probes hung that it counts as one; people (isolation, SetState, confirmation,
// break-glass); what a destructive call's own failure does.
//
// Time passes in seconds, and all moments are kept as what is left of them, so that there are finitely many states. All of
// it is one goroutine, which the race detector would only make ten times slower.

const (
	pace      = time.Second // the unit in which time passes
	holdLeft  = 1           // hold, in seconds
	quietLeft = 1           // quiet
	freshAge  = 1           // max-age: a proof that is older proves nothing
	goneBy    = freshAge + 1

	none = 255 // of what is left: there is no such moment
	ever = 254 // it is never over
)

// explorePolicy is the policy of the dependency. Its threshold is that of the plot.
func explorePolicy(threshold int) Policy {
	return Policy{
		Threshold: Threshold{Failures: threshold}, Backoff: Backoff{pace, pace}, ProbeTimeout: 1000 * time.Hour,
		ProbeInterval: pace, MaxAge: freshAge*pace + pace/2, Hold: holdLeft * pace, Quiet: quietLeft * pace, Classify: Classify,
	}
}

// begun is what a call or a probe carries of the word that it began under. Epochs are renumbered in each state, in order;
// of a generation it only matters whether it is still the current one.
type begun struct {
	epoch uint8
	late  bool // of an older generation
}

// evidence is a proof: the epoch that it proves, 0 for none, and its age in seconds.
type evidence struct{ epoch, age uint8 }

// published is what others read of a dependency without its lock; its generation is the current one by definition.
type published struct {
	flags   uint8
	proof   evidence
	ended   uint8 // what is left of hold after the last episode; ever: one is open
	refusal bool  // there is an error for refused calls
}

// guardState is one dependency. Counts are cut off where more makes no difference.
type guardState struct {
	published

	epoch uint8
	noise uint8 // what is left of quiet after the last failure or refusal

	mode         mode
	proven       bool
	failures     uint8
	openFor      uint8
	watch, turn  uint8
	timer        uint8 // until the next turn; none: it is not set
	spaced       bool  // the last probe started so lately that the gate may not start one
	failedProbe  uint8
	generation   uint8 // as last read; 0: never
	episodeOpen  bool
	episodeEpoch uint8
	callStreak   uint8
	probeStreak  uint8
	recovered    bool
	flying       bool // a probe is in the air
	flight       begun
	due          bool // the loop would have begun it too
	booked       bool
}

// publication is what a section has decided, and not all readers can see yet.
type publication struct {
	published

	stores  store // that are still to come
	returns uint8 // the actor, plus one, whose error is returned then
	ill     bool  // an episode opens with it
	lost    bool  // a probe has failed
	later   bool  // and something begun after it has succeeded
}

// store is one that others can see. Their order in a section is that of the bits.
type store uint8

const (
	storeProof   store = 1 << iota // succeeded
	storeRefusal                   // refuseWith
	storeEnded                     // openEpisode, lookAtEpisode
	storeFlags                     // openEpisode: the flags of an opening breaker under the old generation
	storeCount                     // openEpisode: disturb
	storeWord                      // sync: the flags
	storeTurn                      // with it: the next generation
	storeLast                      // setFlags: disturb, if calls are refused from now on, or no longer
)

// mark is the memory of a failure about the key under one method.
type mark struct{ epoch, left uint8 }

// place is where an actor is on its way.
type place uint8

// trait is one bit that an actor remembers of its call.
type trait uint16

const (
	long  trait = 1 << iota // the call takes the long way
	fails                   // it is on the way of a failed or refused call
	unrun                   // it was refused
	// The rest is the truth, as an onlooker sees it, by which the promises are judged.
	before    // an episode opened since it began
	met       // the first actor's call has failed since it began; the next bits are for the others, and the probe
	_         //
	_         //
	metProbe  //
	outlived  // one of those failures has been returned
	outdated  // and that was of its own method
	postdated // its own failure is not returned yet, and something begun after it has succeeded
	excused   // and that was of its own method
)

// metBy is the bit for the failure of an actor.
func metBy(i int) trait { return met << i }

// sight is one bit of what an actor saw when it asked the gate.
type sight uint64

const (
	sawScope    sight = 1 << iota // tainted
	sawKey                        // suspect
	sawNoise                      // not quiet
	sawSpent                      // no budget left
	sawRefusing                   // the breaker
	sawOpen                       // an episode
	sawHeld                       // hold is not over
	sawProof                      // proven, and lately
	stood                         // the process stood still since it asked
	toldOnce                      // a probe that it waited for has succeeded since
	failedOnce                    // or failed
	fresh                         // the probe that it waited for has succeeded, in this second
	stale                         // or earlier
	failed                        // or not at all
	awaitsAir                     // waits for the probe in the air
	awaitsBooked
	older // the probe in the air began before the ask
	// The rest is the truth at the moment of its last look.
	hadScope    // a failure in its scope was known
	hadKey      // or about its key
	hadNoise    // or just now
	hadNoProof  // it had not succeeded since the last failure that was known
	hadOldProof // or not for max-age
	hadEpisode
	hadHold
	hadStall
	hadChange     // it had become somebody else when the gate was asked
	airOutlived   // when the epoch was noted, the probe in the air was older than a failure that was known
	leansOutlived // it waits for that one
	past          // at its last look, a failure was known that the first actor's call began before; the next bits are for others
	_
	_
	pastProbe
	provenSince // something that was not past has succeeded since that look
	glancing    // it has a clearance, and nothing was counted as a disturbance since
	undisturbed // nothing was since its look began

	looked = sawScope | sawKey | sawNoise | sawSpent | sawRefusing | sawOpen | sawHeld | sawProof | provenSince | past | past<<1 | past<<2 | pastProbe |
		hadScope | hadKey | hadNoise | hadNoProof | hadOldProof | hadEpisode | hadHold
	told = fresh | stale | failed

	atLast = stood | hadScope | hadKey | hadNoise | hadNoProof | hadOldProof | hadEpisode | hadHold | hadChange | leansOutlived // once it has decided
)

// actor is a caller, or the reaper.
type actor struct {
	at    place
	calls uint8 // that it has left
	begun begun
	trait trait
	blame uint8 // what is left of hold after the failure of its call

	rounds uint8 // of gathering
	noted  uint8 // the epoch at its last look
	sight  sight
}

const (
	actors  = 3
	reaper  = 2 // the third actor
	nobody  = 0 // holds the lock
	looping = 9 // the background holds it
	beating = 10
)

// situation is one state. It is comparable, and everything about it is a value.
type situation struct {
	guard   guardState
	holder  uint8 // of the lock: an actor plus one, or looping
	pending publication

	suspects [2]mark // per method
	scopes   [actors]uint8
	spent    uint8 // of the budget
	actor    [actors]actor

	method   [actors]uint8 // of each actor; it never changes
	works    bool
	as       uint8 // who it is
	outages  uint8 // still to come
	changes  uint8
	losses   uint8 // answers that get lost although it works
	stalls   uint8
	answer   outcomeOfProbe
	read     uint8 // the generation that the probe has read
	air      trait // of the probe in the air: outlived, bumped, before
	standing bool  // the process stood still since the last beat
	ticker   place

	clearance cleared // for whoever asks next

	truth  truth
	broken promise
}

// cleared is a clearance that nothing has voided.
type cleared struct {
	left  uint8 // seconds until a proof is too old, plus one; 0: there is no clearance
	quiet uint8 // seconds until it is for calls without a scope too
}

// disturb voids the clearance.
func (s *situation) disturb() {
	s.clearance = cleared{}
	for i := range s.actor {
		s.actor[i].sight &^= glancing | undisturbed
	}
}

// outcomeOfProbe is how far the probe in the air is.
type outcomeOfProbe uint8

const (
	unanswered outcomeOfProbe = iota
	answeredWell
	answeredBadly
	badlyBumped // and its failure has been noted, before the lock
	badlyNoted  // and counted as a disturbance
)

// epochs calls f for every epoch in s.
func (s *situation) epochs(f func(*uint8)) {
	g := &s.guard
	for _, e := range []*uint8{
		&g.epoch, &g.proof.epoch, &g.episodeEpoch, &g.flight.epoch, &s.pending.proof.epoch, &s.suspects[0].epoch, &s.suspects[1].epoch,
	} {
		f(e)
	}
	for i := range s.actor {
		f(&s.actor[i].begun.epoch)
		f(&s.actor[i].noted)
	}
}

// normalise renumbers the epochs from 1, in their order, and forgets what makes no difference any more.
func (s *situation) normalise() {
	g := &s.guard
	proves := func(a actor) bool { return a.noted != 0 && a.noted == g.proof.epoch }
	if g.proof.epoch != g.epoch && !slices.ContainsFunc(s.actor[:], proves) {
		g.proof = evidence{0, min(g.proof.age, freshAge)} // epochs only grow: it proves nothing any more, but has its age
	}
	if !g.episodeOpen {
		g.turn, g.episodeEpoch, g.callStreak, g.probeStreak, g.recovered = 0, 0, 0, 0, false
	}
	if g.mode != open {
		g.openFor = 0
	}
	if g.mode != closed {
		g.failures = 0
	}
	if !g.flying {
		g.flight, g.due, s.air, s.answer, s.read = begun{}, false, 0, unanswered, 0
	}
	if !s.truth.good {
		s.truth.goodAge = 0
	}
	if s.clearance.left == 0 {
		s.clearance = cleared{}
	}
	asking := false
	for i := range s.actor {
		a := &s.actor[i]
		if a.at == idle || a.at == done {
			*a = actor{at: a.at, calls: a.calls}
		}
		if a.at == done {
			s.scopes[i], s.truth.scope[i] = 0, 0
		}
		asking = asking || a.at != done
	}
	if !asking {
		s.suspects, s.truth.key, s.truth.good, s.truth.goodAge, s.truth.acts, s.spent = [2]mark{}, [2]uint8{}, false, 0, 0, 0
		s.clearance = cleared{}
	}
	for m := range s.suspects {
		if s.suspects[m].left == 0 {
			s.suspects[m] = mark{}
		}
	}
	s.forgetEpochs()
	var used [64]bool
	s.epochs(func(e *uint8) { used[*e] = true })
	var number [64]uint8
	next := uint8(1)
	for e := 1; e < len(used); e++ {
		if used[e] {
			number[e] = next
			next++
		}
	}
	s.epochs(func(e *uint8) { *e = number[*e] })
}

// forgetEpochs makes 0 of the epochs of calls that are only known to be past: no proof, no suspect and no look is of them.
func (s *situation) forgetEpochs() {
	var flying [2]bool
	for i := range s.actor {
		a := &s.actor[i]
		if a.at < calling || a.at > clearing {
			continue
		}
		m := s.method[i]
		flying[m] = true
		noted := slices.ContainsFunc(s.actor[:], func(b actor) bool { return b.noted == a.begun.epoch })
		if k := s.suspects[m]; a.begun.epoch < s.guard.epoch && !noted && (k.left == 0 || k.epoch > a.begun.epoch) {
			a.begun.epoch = 0
		}
	}
	for m := range s.suspects {
		if !flying[m] && s.suspects[m].left > 0 {
			s.suspects[m].epoch = s.guard.epoch
		}
	}
}

// pass lets a second pass.
func (s *situation) pass() {
	less := func(lefts ...*uint8) {
		for _, left := range lefts {
			if *left > 0 && *left < ever {
				*left--
			}
		}
	}
	g := &s.guard
	less(&s.clearance.left, &s.clearance.quiet)
	less(&g.ended, &g.noise, &g.openFor, &g.watch, &g.turn, &g.timer, &s.truth.noise, &s.truth.hold)
	less(&s.suspects[0].left, &s.suspects[1].left, &s.truth.key[0], &s.truth.key[1])
	g.spaced = false
	g.proof.age = min(g.proof.age+1, goneBy)
	s.truth.goodAge = min(s.truth.goodAge+1, goneBy)
	for i := range s.actor {
		a := &s.actor[i]
		less(&s.scopes[i], &s.truth.scope[i], &a.blame)
		if a.sight&fresh != 0 {
			a.sight = a.sight&^fresh | stale
		}
	}
}

// String is one line of a trace.
func (s *situation) String() string {
	g := &s.guard
	var b strings.Builder
	fmt.Fprintf(&b, "%s epoch %d", g.mode, g.epoch)
	if g.proof.epoch == g.epoch {
		fmt.Fprintf(&b, " proof %ds", g.proof.age)
	}
	switch {
	case g.ended == ever:
		b.WriteString(" episode")
	case g.ended > 0:
		fmt.Fprintf(&b, " hold %ds", g.ended)
	}
	if g.flying {
		fmt.Fprintf(&b, " probe of epoch %d", g.flight.epoch)
	}
	if left := slices.Max([]uint8{s.suspects[0].left, s.suspects[1].left}); left > 0 {
		fmt.Fprintf(&b, " suspect %ds", left)
	}
	if !s.works {
		b.WriteString(" (down)")
	}
	return b.String()
}
