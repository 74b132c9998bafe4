//go:build !race

package guard

import "time"

// The places of an ask, from gate.go: ask, snapshot and standing read one thing after the other, while everything else goes
// on. No second passes within one look: a pause of two seconds there is a stall, which ask looks for at its end.
const (
	gateMind     place = bumpLate + 1 + iota // mind; from here on every stall that is minded is noted
	gateScope                                // snapshot: now, the scope
	gateKey                                  // suspects.look, and the budget that is left
	gateGlance                               // glance: the disturbances that are counted, and the word
	gateWord                                 // standing: the word
	gateNoise                                // lastFailure and lastRefusal
	gateEpisode                              // episodeEnded
	gateProof                                // proof; then decide
	gateProve                                // gather: prove, under the lock
	gateWait                                 // gather: the probe's end
	gateReload                               // the word of the operation's own dependency
	gateMindLast                             // mind once more, and whether a stall has been minded since the first
	gateTake                                 // the budget's token; then it destroys
	gateTakeLate                             // only in the mutant that draws in two steps
	done                                     // the actor has no more to do
)

// turnsToGate lets an actor ask.
func (x *explorer) turnsToGate(n *situation, i int) {
	a := &n.actor[i]
	*a = actor{at: gateMind}
	if x.plot.stalls == 0 {
		x.asks(n, i)
	}
}

// asks notes what is so when the gate is asked.
func (x *explorer) asks(n *situation, i int) {
	a := &n.actor[i]
	a.at = gateScope
	x.see(a, glancing, n.clearance.left > 0)
	if !x.recognised {
		return
	}
	if n.guard.flying {
		a.sight |= older
	}
	if known := n.guard.generation; known != 0 && known != n.as {
		a.sight |= hadChange
	}
}

// gate adds what an actor that asks may do next.
func (x *explorer) gate(s *situation, i int, r *role) {
	a := &s.actor[i]
	switch a.at {
	case gateMind:
		x.then(i, "asks: minds a stall", s, func(n *situation) {
			if n.standing && x.mutant != stallIsForgotten {
				n.actor[i] = actor{at: done}
				return
			}
			x.asks(n, i)
		})
	case gateScope:
		x.then(i, "reads the clock and the scope", s, func(n *situation) {
			a := &n.actor[i]
			a.sight &^= looked
			a.sight |= undisturbed
			if r.contact.scoped() {
				x.see(a, sawScope, n.scopes[r.scope] > 0)
				x.see(a, hadScope, n.truth.scope[r.scope] > 0)
			}
			a.at = gateKey
			x.cut(n, i)
		})
	case gateKey:
		x.then(i, "looks for the key, and what is left of the budget", s, func(n *situation) {
			a := &n.actor[i]
			if r.contact.keyed() {
				_, why := x.suspects(n).look(x.keys, x.now)
				x.see(a, sawKey, why.until > x.now)
				x.see(a, hadKey, n.truth.key[0] > 0 || n.truth.key[1] > 0)
			}
			left, _ := x.bucket(n).left(x.now)
			x.see(a, sawSpent, !left)
			a.at = gateWord
			if s.actor[i].sight&glancing != 0 {
				a.at = gateGlance
			}
			x.cut(n, i)
		})
	case gateGlance:
		x.then(i, "glances: is the clearance still good?", s, func(n *situation) {
			a := &n.actor[i]
			c := n.clearance
			good := a.sight&glancing != 0 && c.left > 0 && uint64(n.guard.flags)&refusing == 0
			a.sight &^= glancing
			if !good || !r.contact.scoped() && c.quiet > 0 {
				a.at = gateScope // and looks at all of it
				return
			}
			x.see(a, hadNoise, !r.contact.scoped() && n.truth.noise > 0)
			x.see(a, hadNoProof, !n.truth.good)
			x.see(a, hadOldProof, n.truth.goodAge > freshAge)
			x.see(a, hadEpisode, n.truth.open)
			x.see(a, hadHold, n.truth.hold > 0)
			a.at = gateMindLast
			if x.plot.stalls == 0 {
				a.at = gateTake
			}
			a.sight &= atLast
			x.glanced++
		})
	case gateWord:
		x.then(i, "loads the word", s, func(n *situation) {
			a := &n.actor[i]
			a.noted = n.guard.epoch
			x.see(a, sawRefusing, uint64(n.guard.flags)&refusing != 0)
			x.see(a, hadNoProof, !n.truth.good)
			x.see(a, airOutlived|pastProbe, n.guard.flying && n.air&outlived != 0)
			for j := range n.actor {
				x.see(a, past<<j, n.actor[j].trait&outlived != 0)
			}
			a.at = gateNoise
			if r.contact.scoped() {
				a.at = gateEpisode
			}
			x.cut(n, i)
		})
	case gateNoise:
		x.then(i, "loads the last failure", s, func(n *situation) {
			a := &n.actor[i]
			x.see(a, sawNoise, n.guard.noise > 0 && x.mutant != unscopedNeedNoQuiet)
			x.see(a, hadNoise, n.truth.noise > 0)
			a.at = gateEpisode
			x.cut(n, i)
		})
	case gateEpisode:
		x.then(i, "loads the end of the episode", s, func(n *situation) {
			x.closesByReading(n)
			a := &n.actor[i]
			x.see(a, sawOpen, n.guard.ended == ever)
			x.see(a, sawHeld, n.guard.ended != ever && n.guard.ended > 0 && x.mutant != holdIsForgotten)
			x.see(a, hadEpisode, n.truth.open)
			x.see(a, hadHold, n.truth.hold > 0)
			a.at = gateProof
			x.cut(n, i)
		})
	case gateProof:
		x.then(i, "loads the proof, decides", s, func(n *situation) {
			a := &n.actor[i]
			p := n.guard.proof
			proves := p.epoch != 0 && proofOf(begun{epoch: p.epoch}.word(), 1).proves(epochOf(begun{epoch: a.noted}.word()))
			x.see(a, sawProof, proves && p.age <= freshAge)
			x.see(a, hadOldProof, n.truth.goodAge > freshAge)
			if a.sight&provenSince != 0 {
				a.sight &^= hadNoProof | hadOldProof
			}
			x.concludes(n, i)
		})
	case gateProve:
		ask := section{kind: provesFor, noted: a.noted, older: a.sight&older != 0 && x.mutant != joinsProbeOlderThanAsk}
		x.section(s, i, "asks for a proof", ask, func(n *situation, res result) {
			a := &n.actor[i]
			joined := res.joined
			if s.guard.flying && x.mutant == joinsAnyProbe && s.guard.mode == closed {
				joined = awaitsAir
			}
			a.sight &^= leansOutlived
			if joined == awaitsAir && s.guard.flying && a.sight&airOutlived != 0 {
				a.sight |= leansOutlived
			}
			a.sight = a.sight&^airOutlived | joined
			a.rounds++
			a.at = gateWait
			if joined&(awaitsAir|awaitsBooked) == 0 {
				x.looksAgain(n, i)
			}
		})
	case gateWait:
		if a.sight&(awaitsAir|awaitsBooked) == 0 {
			x.then(i, "hears of the probe", s, func(n *situation) { x.looksAgain(n, i) })
		}
	case gateReload:
		x.then(i, "loads the word once more", s, func(n *situation) {
			a := &n.actor[i]
			a.at = gateMindLast
			if x.plot.stalls == 0 {
				a.at = gateTake
			}
			if uint64(n.guard.flags)&refusing != 0 {
				*a = actor{at: done}
			}
		})
	case gateMindLast:
		x.then(i, "minds a stall", s, func(n *situation) {
			a := &n.actor[i]
			a.at = gateTake
			if n.standing && x.mutant != stallIsForgotten || a.sight&stood != 0 && x.mutant != stallIsOver {
				*a = actor{at: done}
				return
			}
			x.see(a, hadStall, n.truth.stalled || a.sight&stood != 0)
		})
	case gateTake:
		x.then(i, "takes a token of the budget, and DESTROYS", s, func(n *situation) {
			a := &n.actor[i]
			b := x.bucket(n)
			switch {
			case x.mutant == drawsBudgetInTwoSteps:
				left, _ := b.left(x.now)
				a.at = done
				if left {
					a.at = gateTakeLate
				}
			case b.take(x.now):
				n.spent = uint8(len(b.grants))
				x.destroy(n, i)
			default:
				*a = actor{at: done}
			}
		})
	case gateTakeLate:
		x.then(i, "notes the token, and DESTROYS", s, func(n *situation) {
			n.spent++
			x.destroy(n, i)
		})
	}
}

// cut ends an ask as soon as what it has seen denies, whatever else it would see: the rest of its look changes nothing.
func (x *explorer) cut(n *situation, i int) {
	a := &n.actor[i]
	if reason, _, _ := x.decision(i, a.sight|sawProof|toldOnce); reason != "" {
		*a = actor{at: done}
	}
}

// see notes one bit.
func (x *explorer) see(a *actor, bit sight, is bool) {
	a.sight &^= bit
	if is {
		a.sight |= bit
	}
}

// looksAgain takes the answer of the probe to the next look.
func (x *explorer) looksAgain(n *situation, i int) {
	a := &n.actor[i]
	a.at, a.noted = gateScope, 0
	if x.mutant == looksOnce {
		a.at = gateProof
		a.sight &^= sawProof
		x.see(a, hadScope, n.truth.scope[x.roles[i].scope] > 0) // here it ought to look
		x.see(a, hadKey, n.truth.key[0] > 0 || n.truth.key[1] > 0)
		x.see(a, hadEpisode, n.truth.open)
		x.concludes(n, i)
	}
}

// concludes is what ask makes of its look.
func (x *explorer) concludes(n *situation, i int) {
	a := &n.actor[i]
	if a.sight&(fresh|stale) != 0 {
		a.sight |= toldOnce
	}
	reason, proven, cause := x.decision(i, a.sight)
	again := !cause || a.sight&failedOnce == 0 // one lost probe is repeated
	switch {
	case reason == "":
		if a.sight&sawProof != 0 && a.sight&undisturbed != 0 && !x.recognised {
			n.clearance = cleared{left: freshAge - min(freshAge, n.guard.proof.age) + 1}
			if x.mutant == clearanceDoesNotAge {
				n.clearance.left = ever
			}
			if x.roles[i].contact.scoped() {
				n.clearance.quiet = n.guard.noise
			}
		}
		if a.sight&sawProof == 0 && proven && x.mutant != judgedByAnswers { // it leans on a probe's answer
			a.sight &^= hadNoProof | hadOldProof
			if a.sight&fresh == 0 {
				a.sight |= hadOldProof
			}
		} else {
			a.sight &^= leansOutlived
		}
		a.at, a.noted, a.rounds = gateReload, 0, 0
		a.sight &= atLast
	case reason == ReasonUnproven && a.rounds < gatherRounds && again:
		a.at = gateProve
		x.see(a, failedOnce, cause || a.sight&failedOnce != 0)
		a.sight &= older | hadChange | airOutlived | stood | toldOnce | failedOnce | x.kept()
	default:
		*a = actor{at: done}
	}
}

// kept is what survives from one look to the next: nothing, except in the mutant that looks once.
func (x *explorer) kept() sight {
	if x.mutant == looksOnce {
		return looked
	}
	return 0
}

// decision asks the real decision about a look.
func (x *explorer) decision(i int, saw sight) (reason Reason, proven, cause bool) {
	const matters = sawScope | sawKey | sawNoise | sawSpent | sawRefusing | sawOpen | sawHeld | sawProof | told | toldOnce
	asked := decisionOf{saw & matters, x.roles[i].contact.scoped()}
	d, known := x.decisions[asked]
	if !known {
		s := x.snapshot(asked.saw, asked.scoped)
		d = decided{s.decide().reason, s.required[0].provenUntil >= s.now, s.required[0].cause != nil}
		x.decisions[asked] = d
	}
	return d.reason, d.proven, d.cause
}

type decisionOf struct {
	saw    sight
	scoped bool
}

type decided struct {
	reason        Reason
	proven, cause bool
}

// snapshot is the real one that has seen this.
func (x *explorer) snapshot(saw sight, scoped bool) *snapshot {
	until := func(bit sight) moment {
		if saw&bit != 0 {
			return x.now + 1
		}
		return 0
	}
	d := standing{
		name: "redis", registered: true, registeredAt: 1, quiet: quietLeft * pace, refusing: saw&sawRefusing != 0, retryAt: x.now + 1,
		provenUntil: until(sawProof), recognised: x.recognised, doubted: x.recognised && saw&toldOnce == 0,
	}
	if saw&sawNoise != 0 {
		d.failedAt = x.now
	}
	switch {
	case saw&sawOpen != 0:
		d.episodeEnded = forever
	case saw&sawHeld != 0:
		d.episodeEnded = x.now
	}
	switch {
	case saw&fresh != 0:
		d.accept(testimony{proven: x.now}, x.now)
	case saw&stale != 0:
		said := testimony{proven: x.now.add(-pace)}
		if x.mutant == acceptsOldAnswer {
			said.proven = x.now
		}
		d.accept(said, x.now)
	case saw&failed != 0:
		d.accept(testimony{cause: errDown}, x.now)
	}
	return &snapshot{
		now: x.now, scoped: scoped, scope: blame{until: until(sawScope)}, key: blame{until: until(sawKey)}, budget: x.budget(),
		budgetLeft: saw&sawSpent == 0, startHold: holdLeft * pace, hold: holdLeft * pace, required: []standing{d},
	}
}

func (x *explorer) budget() Budget { return Budget{x.plot.budget, 1000 * time.Hour} }

// bucket is the real one that has given what is spent.
func (x *explorer) bucket(n *situation) *bucket {
	b := &bucket{budget: x.budget()}
	for range n.spent {
		b.grants = append(b.grants, x.now)
	}
	return b
}

// closesByReading is the mutant in which reading ends an episode.
func (x *explorer) closesByReading(n *situation) {
	g := &n.guard
	if x.mutant == closesEpisodeByReading && g.ended == ever && g.mode == closed && (g.recovered || g.probeStreak >= episodeStreak) {
		g.ended, g.episodeOpen = 0, false
	}
}
