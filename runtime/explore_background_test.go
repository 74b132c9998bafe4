//go:build !race

package guard

// The places of the ticker, from registry.go and stall.go: it minds a stall, then beats by the same reading of the clocks.
const (
	tickerWaits  place = iota // mind: the clocks are read
	tickerBeats               // beat: only in the mutant that beats after it has seen no gap
	tickerVoids               // stalled: the epoch is bumped
	tickerOpens               // stalled: openEpisode, under the lock
	tickerSettle              // beat, after the episodes have opened
)

// background adds what the background loop, the probe in the air and the ticker may do next: what needs no caller.
func (x *explorer) background(s *situation) {
	g := &s.guard
	if x.mayPass(s) {
		x.then(nobodyActs, "a second passes", s, func(n *situation) { n.pass() })
	}
	if g.timer == 0 {
		x.section(s, loop, "its turn comes", section{kind: takesTurn}, func(n *situation, r result) {
			if s.guard.episodeOpen && !r.guard.episodeOpen {
				x.episodeEnds(n)
			}
		})
	}
	if g.flying {
		x.probe(s)
	}
	if s.holder == beating {
		return
	}
	switch s.ticker {
	case tickerWaits:
		if s.standing || s.stalls > 0 && x.mutant == beatsAfterReading {
			x.then(ticking, "reads the gap", s, func(n *situation) {
				n.ticker = tickerBeats
				if n.standing {
					n.ticker = tickerVoids
				}
			})
		}
	case tickerBeats:
		x.then(ticking, "beats", s, func(n *situation) { n.ticker, n.standing = tickerWaits, false })
	case tickerVoids:
		x.then(ticking, "voids all proofs", s, func(n *situation) {
			n.guard.epoch++
			n.ticker = tickerOpens
		})
	case tickerOpens:
		x.section(s, ticking, "opens an episode for the stall", section{kind: standsStill}, func(n *situation, _ result) {
			n.illBegins()
			n.ticker = tickerSettle
		})
	case tickerSettle:
		x.then(ticking, "beats again", s, func(n *situation) { n.ticker, n.standing = tickerWaits, false })
	}
}

// mayPass reports whether a second may pass: only while everybody waits, for an answer, a probe, or to begin. What lies
// between takes less than a microsecond; a goroutine that alone stands still there for a second is left out.
func (x *explorer) mayPass(s *situation) bool {
	for i := range s.actor {
		if at := s.actor[i].at; at != idle && at != calling && at != gateWait && at != done {
			return false
		}
	}
	return s.holder == nobody
}

// mayStand reports whether the process may stand still for seconds: anywhere but in the middle of a look or a section.
func (x *explorer) mayStand(s *situation) bool {
	for i := range s.actor {
		if at := s.actor[i].at; at > gateScope && at <= gateProof {
			return false
		}
	}
	return s.holder == nobody
}

// probe adds what the probe in the air may do next.
func (x *explorer) probe(s *situation) {
	switch s.answer {
	case unanswered:
		if s.works {
			x.then(inAir, "is answered", s, func(n *situation) {
				n.answer = answeredWell
				if x.recognised {
					n.read = n.as
				}
			})
		}
		if !s.works || s.losses > 0 {
			x.then(inAir, "gets no answer, and is given up", s, func(n *situation) {
				if n.works {
					n.losses--
				}
				n.answer = answeredBadly
				n.met(metProbe, -1)
			})
		}
	case answeredBadly:
		x.then(inAir, "failing: notes the moment, bumps the epoch", s, func(n *situation) {
			if x.noisy {
				n.guard.noise = quietLeft
			}
			n.guard.epoch++
			n.answer = badlyBumped
		})
	case badlyBumped:
		x.then(inAir, "counts a disturbance", s, func(n *situation) {
			n.disturb()
			n.answer = badlyNoted
		})
	case answeredWell:
		x.lands(s, OutcomeSuccess)
	case badlyNoted:
		x.lands(s, OutcomeFailure)
	}
}

// lands adds the end of the probe in the air.
func (x *explorer) lands(s *situation, outcome Outcome) {
	landing := section{kind: landsProbe, outcome: outcome, read: s.read}
	x.section(s, inAir, "lands", landing, func(n *situation, r result) {
		was, t := &s.guard, s.air
		said := fresh
		if outcome == OutcomeSuccess {
			n.succeeded(t, pastProbe)
			n.truth.failedProbe = 0
			if t&before == 0 && was.episodeOpen {
				n.truth.probeWins = min(n.truth.probeWins+1, episodeStreak)
				if s.guard.flight.epoch == s.guard.epoch {
					n.truth.callWins = min(n.truth.callWins+1, episodeStreak)
				}
			}
			if was.generation != 0 && r.guard.generation != was.generation {
				x.changeNoticed(n)
			}
		} else {
			said = failed
			n.truth.callWins, n.truth.probeWins = 0, 0
			if was.due { // those of the gate alone do not count
				n.truth.failedProbe = min(n.truth.failedProbe+1, 2)
			}
			n.pending.lost, n.pending.later = true, t&postdated != 0
			if was.mode == halfOpen || was.mode == closed && n.truth.failedProbe == 2 {
				n.illBegins()
			}
		}
		if was.mode == closed && r.guard.mode == open {
			n.illBegins()
		}
		if x.mutant == landingForgetsTimer && was.mode == halfOpen {
			n.guard.timer = none
		}
		n.air, n.answer, n.read = 0, unanswered, 0
		for i := range n.actor {
			a := &n.actor[i]
			if a.sight&awaitsAir != 0 {
				a.sight = a.sight&^awaitsAir | said
			}
			a.sight &^= older | airOutlived | pastProbe
		}
	})
}

// world adds what the dependency and the machine may do next.
func (x *explorer) world(s *situation) {
	switch {
	case s.works && s.outages > 0:
		x.then(outside, "the dependency fails", s, func(n *situation) { n.works, n.outages = false, n.outages-1 })
	case !s.works:
		x.then(outside, "the dependency works again", s, func(n *situation) { n.works = true })
		if s.changes > 0 {
			x.then(outside, "the dependency comes back as somebody else", s, func(n *situation) {
				n.works, n.as, n.changes = true, n.as%2+1, n.changes-1
			})
		}
	}
	if s.stalls > 0 && x.mayStand(s) {
		x.then(outside, "the process stands still", s, func(n *situation) {
			n.stalls--
			for range goneBy + holdLeft {
				n.pass()
			}
			n.standing, n.truth.stalled = true, true
			for i := range n.actor {
				if a := &n.actor[i]; a.at > gateMind && a.at <= gateMindLast {
					a.sight |= stood
				}
			}
		})
	}
}
