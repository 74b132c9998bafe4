//go:build !race

package guard

// The truth is what an onlooker concludes from what the world did and who heard of it, without asking the program's own
// memory. The promises are judged by it.
//
// A failure is known when its error has been returned, or its probe has landed; something that succeeds tells about the
// time after a failure if it began after the dependency had failed to answer. What the gate could not know is not held
// against it: each part of a look is judged at the moment when just that part is read, because no gate can do better than
// read one thing after the other. Between its last look and the act, everything may happen: see
// [TestWhatNoGateCanClose].

// truth is what an onlooker knows, whatever the program takes for true.
type truth struct {
	key         [2]uint8 // what is left of hold after an unresolved failure about the key, per method, that was returned
	scope       [actors]uint8
	noise       uint8
	good        bool // it has succeeded in something begun after the last failure that was returned
	goodAge     uint8
	open        bool // an episode
	hold        uint8
	failedProbe uint8
	callWins    uint8
	probeWins   uint8
	stalled     bool // the process stood still, and no episode has opened for it
	acts        uint8
}

// promise is one that was broken; the empty one is none.
type promise uint8

const (
	kept promise = iota
	brokenScope
	brokenKey
	brokenQuiet
	brokenProof
	brokenAge
	brokenEpisode
	brokenHold
	brokenStall
	brokenChange
	brokenTestimony
	brokenBudget
	brokenFlight
	brokenTrial
	brokenStreak
	brokenRefusal
)

func (p promise) String() string {
	return [...]string{
		"kept", "C1: destroyed in a scope with a known failure", "C1: destroyed about a key with a known failure",
		"C1: destroyed without scope just after a known failure", "C2: destroyed without a success since the last known failure",
		"C2: destroyed with a proof that is too old", "C2: destroyed in an episode", "C2: destroyed within hold",
		"C3: destroyed after the process stood still, unnoticed", "C3: destroyed after the dependency became somebody else",
		"C2: destroyed for a probe that began before a failure known when the gate was asked", "C4: budget overdrawn",
		"two probes in the air", "a call ran while the breaker was not closed", "an episode ended without three successes begun since it opened",
		"a refused call has no error",
	}[p]
}

// destroy is judged by the truth.
func (x *explorer) destroy(n *situation, i int) {
	a, r := &n.actor[i], &x.roles[i]
	n.truth.acts++
	x.destroyed++
	if x.mutant == judgedAtTheAct {
		x.see(a, hadKey, r.contact.keyed() && (n.truth.key[0] > 0 || n.truth.key[1] > 0))
		x.see(a, hadEpisode, n.truth.open)
	}
	for _, judged := range []struct {
		bit    sight
		broken promise
	}{
		{hadScope, brokenScope}, {hadKey, brokenKey}, {hadNoise, brokenQuiet}, {hadNoProof, brokenProof}, {hadOldProof, brokenAge},
		{hadEpisode, brokenEpisode}, {hadHold, brokenHold}, {hadStall, brokenStall}, {hadChange, brokenChange}, {leansOutlived, brokenTestimony},
	} {
		if a.sight&judged.bit != 0 {
			n.broken = judged.broken
		}
	}
	if int(n.truth.acts) > x.plot.budget {
		n.broken = brokenBudget
	}
	*a = actor{at: done}
}

// met notes a failure, or a refusal, for everything that is on its way: it does not tell about the time after it.
func (s *situation) met(which trait, except int) {
	for i := range s.actor {
		if a := &s.actor[i]; i != except && a.at >= calling && a.at <= clearing {
			a.trait |= which
		}
	}
	if s.guard.flying && which != metProbe {
		s.air |= which
	}
}

// resolve notes that a call has succeeded about the key.
func (x *explorer) resolve(n *situation, i int) {
	a, m := &n.actor[i], x.roles[i].method
	if a.trait&outdated == 0 {
		n.truth.key[m] = 0
	}
	for j := range n.actor {
		if b := &n.actor[j]; x.roles[j].method == m && b.trait&fails != 0 && a.trait&metBy(j) == 0 {
			b.trait |= excused
		}
	}
}

// succeeded notes a success of a call or a probe with these traits.
func (s *situation) succeeded(t trait, whose sight) {
	for i := range s.actor {
		if a := &s.actor[i]; a.trait&fails != 0 && t&metBy(i) == 0 {
			a.trait |= postdated
		}
	}
	if s.guard.flying && s.answer >= answeredBadly && t&metProbe == 0 {
		s.air |= postdated
	}
	for i := range s.actor {
		if a := &s.actor[i]; a.at > gateWord && a.at <= gateProof && a.sight&whose == 0 {
			a.sight |= provenSince
		}
	}
	if t&outlived == 0 {
		s.truth.good, s.truth.goodAge = true, 0
	}
}

// failureKnown notes that somebody has heard of a failure. Unless something begun later has succeeded, the dependency has
// not proven itself since.
func (s *situation) failureKnown(which trait, later bool) {
	s.truth.good = s.truth.good && later
	for i := range s.actor {
		if a := &s.actor[i]; a.trait&which != 0 {
			a.trait = a.trait&^which | outlived
		}
	}
	if s.air&which != 0 {
		s.air = s.air&^which | outlived
	}
}

// meanwhile notes something for what is on its way.
func (s *situation) meanwhile(t trait) {
	for i := range s.actor {
		if a := &s.actor[i]; a.at >= calling && a.at <= account {
			a.trait |= t
		}
	}
	if s.guard.flying {
		s.air |= t
	}
}

// illBegins notes that an episode opens: what has begun does not help to end it.
func (s *situation) illBegins() {
	s.truth.callWins, s.truth.probeWins, s.truth.stalled = 0, 0, false
	s.meanwhile(before)
	s.pending.ill = true
}

// changeNoticed notes that the program knows that the dependency is somebody else: from now on it is the episode that counts.
func (x *explorer) changeNoticed(n *situation) {
	n.illBegins()
	n.truth.good = false
	for i := range n.actor {
		n.actor[i].sight &^= hadChange
	}
}

// episodeEnds judges the end of an episode by the successes since it opened.
func (x *explorer) episodeEnds(n *situation) {
	if n.truth.callWins < episodeStreak && n.truth.probeWins < episodeStreak {
		n.broken = brokenStreak
	}
	n.truth.open, n.truth.hold = false, holdLeft
	n.truth.callWins, n.truth.probeWins = 0, 0
}
