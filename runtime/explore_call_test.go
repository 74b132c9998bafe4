//go:build !race

package guard

import "time"

// The places of a call, from method.go. Each is the moment before the atomic operation that its comment names; what lies
// between two of them is private to the goroutine.
const (
	idle     place = iota // Begin: the word and the method's stop flags are loaded
	calling               // the dependency has not answered yet
	compare               // Succeeded: the word is compared
	stamp                 // Succeeded: the proof is stored
	compare2              // settle: the word is compared once more
	stamp2                // settle: the proof is stored
	account               // settle: record, under the lock, of a success
	clearing              // settle: suspects.clear, under its own lock

	failNoted  // failing: lastFailure is stored
	failBump   // failing: the epoch is bumped
	failCount  // failing, or refused: disturb
	failMark   // mark: scope and key
	failRecord // settle: record, under the lock, of a failure; then the error is returned to the handler
	failReturn // while others do not see all that record has stored

	refusedWhy  // admit: the error is loaded
	refusedLook // refused: the word is loaded
	refusedNote // refused: lastRefusal is stored
	refusedBump // refused: the epoch is bumped, and that it was is noted in the word

	bumpLate // only in the mutant that bumps the epoch after the error is returned
)

// call adds what an actor's call may do next.
func (x *explorer) call(s *situation, i int) {
	a, r := &s.actor[i], &x.roles[i]
	switch a.at {
	case idle:
		if a.calls == 0 {
			x.then(i, "asks the gate", s, func(n *situation) { x.turnsToGate(n, i) })
			return
		}
		x.begin(s, i)
	case calling:
		if s.works {
			x.then(i, "is answered", s, func(n *situation) {
				n.actor[i].at = compare
				if n.actor[i].trait&long != 0 {
					n.actor[i].at = compare2
				}
			})
		}
		if !s.works || s.losses > 0 {
			x.then(i, "gets an error", s, func(n *situation) {
				if n.works {
					n.losses--
				}
				a := &n.actor[i]
				*a = actor{at: failNoted, calls: a.calls, begun: begun{late: a.begun.late}, trait: fails}
				n.met(metBy(i), i)
				if !x.noisy {
					x.noteFailure(n, i)
				}
			})
		}
	case compare, compare2:
		x.then(i, "has succeeded: compares the word", s, func(n *situation) {
			a := &n.actor[i]
			same := !a.begun.late && a.begun.epoch == n.guard.epoch && n.guard.flags == uint8(always)
			switch {
			case same && a.at == compare:
				a.at = stamp
			case same:
				a.at = stamp2
			case a.at == compare:
				a.at = compare2
			default:
				a.at = account
			}
		})
	case stamp, stamp2:
		x.then(i, "stores the proof", s, func(n *situation) {
			a := &n.actor[i]
			n.guard.proof = evidence{x.epochOfProof(n, a), 0}
			n.succeeded(a.trait, past<<i)
			if a.at == stamp2 {
				a.at = clearing
				return
			}
			x.resolve(n, i)
			x.finish(n, i, false)
		})
	case account:
		x.section(s, i, "records the success", section{kind: recordsOutcome, begun: x.begunOfRecord(s, a), outcome: OutcomeSuccess},
			func(n *situation, _ result) {
				a := &n.actor[i]
				n.succeeded(a.trait, past<<i)
				if a.trait&before == 0 && s.actor[i].begun.epoch == s.guard.epoch && s.guard.episodeOpen {
					n.truth.callWins = min(n.truth.callWins+1, episodeStreak)
				}
				if x.mutant == lateSuccessProves && a.begun.late {
					n.pending.proof = evidence{n.guard.epoch, 0}
					n.pending.stores |= storeProof
				}
				a.at = clearing
			})
	case clearing:
		x.then(i, "clears the key", s, func(n *situation) {
			x.clear(n, i)
			x.resolve(n, i)
			x.finish(n, i, false)
		})
	case failNoted:
		x.then(i, "failing: notes the moment", s, func(n *situation) { x.noteFailure(n, i) })
	case failBump:
		x.then(i, "bumps the epoch", s, func(n *situation) {
			n.guard.epoch++
			n.actor[i].at = failCount
		})
	case refusedBump:
		x.then(i, "bumps the epoch, and says so in the word", s, func(n *situation) {
			n.guard.epoch++
			if uint64(n.guard.flags)&refusing != 0 {
				n.guard.flags |= uint8(noted)
			}
			n.actor[i].at = failCount
		})
	case failCount:
		x.then(i, "counts a disturbance", s, func(n *situation) {
			if x.mutant != clearanceOutlivesFailure {
				n.disturb()
			}
			n.actor[i].at = failMark
		})
	case failMark:
		x.then(i, "marks scope and key", s, func(n *situation) {
			a := &n.actor[i]
			switch {
			case a.trait&unrun == 0:
				x.markFor(n, i, a.blame)
				a.at = failRecord
			default:
				x.markFor(n, i, holdLeft)
				x.returns(n, i)
			}
		})
	case failRecord:
		x.section(s, i, "records the failure", section{kind: recordsOutcome, begun: x.begunOfRecord(s, a), outcome: OutcomeFailure},
			func(n *situation, r result) {
				n.truth.callWins = 0
				if r.guard.mode == open && s.guard.mode != open {
					n.illBegins()
				}
				n.actor[i].at = failReturn
				n.pending.returns = uint8(i + 1)
			})
	case bumpLate:
		x.then(i, "bumps the epoch, too late", s, func(n *situation) {
			n.guard.epoch++
			n.disturb()
			x.turnsToGate(n, i)
		})
	case refusedWhy:
		x.then(i, "is refused", s, func(n *situation) { x.refuse(n, i) })
	case refusedLook:
		x.then(i, "refused: loads the word", s, func(n *situation) {
			a := &n.actor[i]
			switch {
			case uint64(n.guard.flags)&(refusing|noted) == refusing|noted:
				a.blame, a.at = holdLeft, failMark
			case x.noisy:
				a.at = refusedNote
			default:
				x.noteRefusal(n, i)
			}
		})
	case refusedNote:
		x.then(i, "refused: notes the moment", s, func(n *situation) { x.noteRefusal(n, i) })
	default:
		x.gate(s, i, r)
	}
}

// begin is Begin, and admit for a call that goes the long way.
func (x *explorer) begin(s *situation, i int) {
	x.then(i, "begins a call", s, func(n *situation) {
		a, r := &n.actor[i], &x.roles[i]
		*a = actor{at: calling, calls: a.calls - 1, begun: begun{epoch: n.guard.epoch}}
		for j := range n.actor {
			n.actor[j].sight &^= past << i
		}
		refusedNow := uint64(n.guard.flags)&refusing != 0 && (x.mutant != callsRunInHalfOpen || n.guard.mode != halfOpen)
		switch {
		case refusedNow:
			a.at = refusedWhy
		case n.suspects[r.method].left > 0:
			a.trait |= long
		}
		if refusedNow {
			a.begun, a.trait = begun{}, fails|unrun
			n.met(metBy(i), i)
			return
		}
		if n.guard.mode == halfOpen && n.holder == nobody {
			n.broken = brokenTrial
		}
	})
}

// noteFailure is the first store of failing.
func (x *explorer) noteFailure(n *situation, i int) {
	a := &n.actor[i]
	a.blame, a.at = holdLeft, failBump
	if x.noisy {
		n.guard.noise = quietLeft
	}
	if x.mutant == bumpsAfterReturn {
		a.at = failMark
	}
}

// refuse is the end of admit.
func (x *explorer) refuse(n *situation, i int) {
	if !n.guard.refusal {
		n.broken = brokenRefusal
	}
	n.actor[i].at = refusedLook
}

// noteRefusal is the first store of refused.
func (x *explorer) noteRefusal(n *situation, i int) {
	n.actor[i].blame, n.actor[i].at = holdLeft, refusedBump
	if x.noisy {
		n.guard.noise = quietLeft
	}
}

// epochOfProof is the epoch that a success stamps: that of its own word.
func (x *explorer) epochOfProof(s *situation, a *actor) uint8 {
	if x.mutant == comparesCurrentEpoch {
		return s.guard.epoch
	}
	return a.begun.epoch
}

// begunOfRecord is the word that record is told: that of the call.
func (x *explorer) begunOfRecord(s *situation, a *actor) begun {
	if x.mutant == comparesCurrentEpoch {
		return begun{epoch: s.guard.epoch, late: a.begun.late}
	}
	return a.begun
}

// returns hands the error to the handler: from now on the failure is known.
func (x *explorer) returns(n *situation, i int) {
	a, r := &n.actor[i], &x.roles[i]
	if r.contact.scoped() {
		n.truth.scope[r.scope] = max(n.truth.scope[r.scope], a.blame)
	}
	if a.trait&excused == 0 {
		n.truth.key[r.method] = max(n.truth.key[r.method], a.blame)
	}
	if x.noisy && a.blame > holdLeft-quietLeft {
		n.truth.noise = quietLeft
	}
	for j := range n.actor {
		if b := &n.actor[j]; b.trait&metBy(i) != 0 && x.roles[j].method == r.method {
			b.trait |= outdated
		}
	}
	n.failureKnown(metBy(i), a.trait&(postdated|unrun) != 0) // of a refusal the dependency knows nothing
	x.finish(n, i, true)
}

// finish ends a call: the actor makes its next one, asks the gate, or is done.
func (x *explorer) finish(n *situation, i int, failed bool) {
	a, r := &n.actor[i], &x.roles[i]
	switch {
	case failed && x.mutant == bumpsAfterReturn && a.trait&unrun == 0:
		a.at = bumpLate
		if r.contact == asksNever {
			return
		}
	case r.contact != asksNever && failed, r.contact != asksNever && r.despite && a.calls == 0:
		x.turnsToGate(n, i)
	case a.calls > 0:
		*a = actor{at: idle, calls: a.calls}
	default:
		*a = actor{at: done}
	}
}

// markFor is mark: the real suspects take the key until left is over.
func (x *explorer) markFor(n *situation, i int, left uint8) {
	r := &x.roles[i]
	if r.contact.scoped() && x.mutant != failureLeavesScope {
		n.scopes[r.scope] = max(n.scopes[r.scope], left)
	}
	s := x.suspects(n)
	e := epochOf(begun{epoch: n.guard.epoch}.word())
	s.add(x.methods[r.method], x.keys, e, x.now, x.now.add(time.Duration(left)*pace), errDown)
	x.readSuspects(n, s)
}

// clear is suspects.clear of a success.
func (x *explorer) clear(n *situation, i int) {
	a, r := &n.actor[i], &x.roles[i]
	s := x.suspects(n)
	e := epochOf(a.begun.word())
	if x.mutant == earlierCallClears {
		e = epochOf(begun{epoch: 60}.word())
	}
	s.clear(x.methods[r.method], x.keys, e)
	if x.mutant == anotherMethodClears {
		s.clear(x.methods[1-r.method], x.keys, e)
	}
	x.readSuspects(n, s)
}

// suspects are the real ones, as a state remembers them.
func (x *explorer) suspects(n *situation) *suspects {
	s := &suspects{}
	s.init()
	for m, mark := range n.suspects {
		x.methods[m].suspects.Store(0)
		if mark.left > 0 {
			s.add(x.methods[m], x.keys, epochOf(begun{epoch: mark.epoch}.word()), x.now, x.now.add(time.Duration(mark.left)*pace), errDown)
		}
	}
	return s
}

func (x *explorer) readSuspects(n *situation, s *suspects) {
	n.suspects = [2]mark{}
	for m := range n.suspects {
		if found := s.find(x.keys[0], x.methods[m]); found != nil {
			n.suspects[m] = mark{epoch: uint8(found.epoch - epochBase), left: paces(found.until.sub(x.now))}
		}
	}
}
