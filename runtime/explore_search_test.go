//go:build !race

package guard

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// Who acts, beside the actors 0 to 2.
const (
	nobodyActs = iota + actors
	loop
	inAir
	ticking
	outside
)

var whoActs = [...]string{"first", "second", "reaper", "time", "loop", "probe", "ticker", "world"}

// move is one move from a state.
type move struct {
	who  int
	what string
	to   situation
}

// alone reports whether the step comes by itself: not from the world, nor because a call begins or is answered.
func (m *move) alone(from *situation) bool {
	if m.who >= actors {
		return m.who != outside
	}
	at := from.actor[m.who].at
	return at != idle && at != calling
}

const publishes = "lets others see it"

// explorer walks through all states of a plot, breadth first, so that the first counterexample is a shortest one.
type explorer struct {
	*plot
	*engineRoom

	noisy     bool // somebody asks without a scope
	now       moment
	keys      []string
	methods   [2]*Method
	decisions map[decisionOf]decided
	next      []move
	destroyed int // steps that destroy
	glanced   int // looks that a clearance spared

	raw   bool             // do not normalise
	visit func(*situation) // is told of each state; may be nil

	seed   maphash.Seed
	number map[uint64]int32 // by a hash: of a million states, two share one in one of thirty million runs
	parent []int32
	taken  []uint8 // which move of the parent
	well   []bool  // the dependency works
	calm   []bool  // and is proven, closed, without an episode
	free   []bool  // nobody waits
	from   [][2]int32
}

func newExplorer(p *plot) *explorer {
	x := &explorer{
		plot: p, engineRoom: newEngineRoom(p.threshold, p.recognised), keys: []string{"session:1"},
		decisions: make(map[decisionOf]decided), number: make(map[uint64]int32), seed: maphash.MakeSeed(),
	}
	for _, r := range p.roles {
		x.noisy = x.noisy || r.contact == asksAboutKey || r.contact == asksBare
	}
	x.now = x.registry.clock.now()
	d := &Dependency{name: "redis", policy: x.policy, registry: x.registry}
	for i := range x.methods {
		x.methods[i] = newMethod(d, MethodSpec{})
	}
	return x
}

// then adds a move.
func (x *explorer) then(who int, what string, s *situation, change func(*situation)) {
	x.next = append(x.next, move{who, what, *s})
	n := &x.next[len(x.next)-1].to
	change(n)
	if !x.raw {
		n.normalise()
	}
}

// section adds a move that runs a section, if the lock is free, and lets others see its first store.
func (x *explorer) section(s *situation, who int, what string, sec section, after func(*situation, result)) {
	if s.holder != nobody {
		return
	}
	g := s.guard
	if sec.kind == takesTurn {
		g.timer = none
	}
	x.mutate(&g, sec)
	if sec.kind == landsProbe {
		sec.begun = begun{}
	}
	r := x.run(g, sec)
	x.then(who, what, s, func(n *situation) {
		n.guard = r.guard
		n.guard.published, n.guard.noise = s.guard.published, s.guard.noise
		n.pending = publication{published: r.guard.published, stores: storesOf(&s.guard.published, &r)}
		n.holder = holderOf(who)
		if s.guard.booked && !n.guard.booked {
			n.bookingEnds(!s.guard.flying && n.guard.flying)
		}
		after(n, r)
		if r.lapsed || sec.kind == provesFor && s.guard.flying && x.mutant == launchesBesideAnother {
			n.broken = brokenFlight
		}
		x.publish(n)
	})
}

// mutate makes the mistake of a mutant before a section.
func (x *explorer) mutate(g *guardState, sec section) {
	switch {
	case x.mutant == launchesBesideAnother && sec.kind == provesFor:
		g.flying, g.flight = false, begun{}
	case x.mutant == endsEpisodeAfterOne && sec.kind == takesTurn && g.probeStreak > 0:
		g.recovered = true
	}
}

func holderOf(who int) uint8 {
	switch {
	case who < actors:
		return uint8(who + 1)
	case who == ticking:
		return beating
	default:
		return looping
	}
}

// storesOf lists what a section stores for others to see.
func storesOf(old *published, r *result) (stores store) {
	add := func(is bool, which store) {
		if is {
			stores |= which
		}
	}
	now := &r.guard.published
	add(now.proof != old.proof, storeProof)
	add(now.ended != old.ended, storeEnded)
	add(now.ended == ever && old.ended != ever && r.turned, storeFlags)
	add(now.ended == ever && old.ended != ever, storeCount)
	add(now.refusal != old.refusal, storeRefusal)
	add(now.flags != old.flags || r.turned, storeWord)
	add(r.turned, storeTurn)
	add(uint64(now.flags^old.flags)&refusing != 0, storeLast)
	return stores
}

// publish lets others see the next store of the section that holds the lock, which is free after the last.
func (x *explorer) publish(n *situation) {
	p, g := &n.pending, &n.guard
	next := p.stores & -p.stores
	if x.mutant == refusesBeforeReason && p.stores&storeFlags != 0 {
		next = storeFlags
	}
	switch next {
	case storeProof:
		g.proof = p.proof
		p.stores &^= next
	case storeEnded:
		g.ended = p.ended
		p.stores &^= next
	case storeFlags:
		g.flags = p.flags
		p.stores &^= next
	case storeRefusal:
		g.refusal = p.refusal
		p.stores &^= next
	case storeCount, storeLast:
		if x.mutant != clearanceOutlivesEpisode {
			n.disturb()
		}
		p.stores &^= next
	case storeWord:
		if x.noisy && uint64(g.flags)&noted != 0 {
			g.noise = quietLeft
		}
		g.flags = p.flags
		if p.stores&storeTurn != 0 {
			for i := range n.actor {
				if a := &n.actor[i]; a.at >= calling && a.at <= failRecord {
					a.begun.late = true
				}
			}
		}
		p.stores &^= storeWord | storeTurn
	}
	if p.stores == 0 {
		if p.lost {
			n.failureKnown(metProbe, p.later)
		}
		if p.ill {
			n.truth.open, n.truth.hold = true, 0
		}
		returns := p.returns
		n.holder, n.pending = nobody, publication{}
		if returns != 0 {
			x.returns(n, int(returns)-1)
		}
	}
}

// bookingEnds tells those who wait for a booked probe that it started, or that it will not.
func (n *situation) bookingEnds(started bool) {
	for i := range n.actor {
		a := &n.actor[i]
		if a.sight&awaitsBooked == 0 {
			continue
		}
		a.sight &^= awaitsBooked
		if started {
			a.sight |= awaitsAir
		} else {
			a.sight |= failed
		}
	}
}

// steps lists all steps from s.
func (x *explorer) steps(s *situation) []move {
	x.next = x.next[:0]
	x.world(s)
	x.background(s)
	for i := range s.actor {
		if s.holder != holderOf(i) {
			x.call(s, i)
		}
	}
	if s.holder != nobody {
		who := loop
		if s.holder <= actors {
			who = int(s.holder) - 1
		}
		x.then(who, publishes, s, func(n *situation) { x.publish(n) })
	}
	return x.next
}

// finding is what a search came to.
type finding struct {
	states, edges, sections int
	broken                  promise
	trace                   []string // to the state that breaks a promise
}

// search visits every state, or stops at the first that breaks a promise.
func (x *explorer) search() finding {
	start := x.start()
	x.add(start, maphash.Comparable(x.seed, *start), -1, 0)
	layer := []situation{*start}
	edges := 0
	for first := int32(0); len(layer) > 0; {
		var nextLayer []situation
		for i := range layer {
			at := first + int32(i)
			if x.visit != nil {
				x.visit(&layer[i])
			}
			for ordinal, move := range x.steps(&layer[i]) {
				edges++
				hash := maphash.Comparable(x.seed, move.to)
				to, known := x.number[hash]
				if !known {
					to = x.add(&move.to, hash, at, uint8(ordinal))
					nextLayer = append(nextLayer, move.to)
					if move.to.broken != kept {
						return finding{len(x.parent), edges, len(x.known), move.to.broken, x.trace(to)}
					}
				}
				if move.alone(&layer[i]) {
					x.from = append(x.from, [2]int32{to, at})
				}
			}
		}
		first += int32(len(layer))
		layer = nextLayer
	}
	return finding{states: len(x.parent), edges: edges, sections: len(x.known)}
}

func (x *explorer) add(s *situation, hash uint64, parent int32, ordinal uint8) int32 {
	n := int32(len(x.parent))
	x.number[hash] = n
	x.parent = append(x.parent, parent)
	x.taken = append(x.taken, ordinal)
	g := &s.guard
	x.well = append(x.well, s.works)
	x.calm = append(x.calm, s.works && s.holder == nobody && g.mode == closed && g.ended == 0 && g.proven && g.proof.epoch == g.epoch &&
		g.proof.age <= freshAge && !s.standing && !s.truth.open)
	x.free = append(x.free, !slices.ContainsFunc(s.actor[:], func(a actor) bool { return a.sight&(awaitsAir|awaitsBooked) != 0 }))
	return n
}

// wedge tells how a state is reached from which steps that come by themselves never lead to a goal, though they ought to; nil
// if there is none.
func (x *explorer) wedge(ought, goal []bool) []string {
	back := make([][]int32, len(x.parent))
	for _, e := range x.from {
		back[e[0]] = append(back[e[0]], e[1])
	}
	reaches := slices.Clone(goal)
	var queue []int32
	for i, is := range goal {
		if is {
			queue = append(queue, int32(i))
		}
	}
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, earlier := range back[at] {
			if !reaches[earlier] {
				reaches[earlier] = true
				queue = append(queue, earlier)
			}
		}
	}
	for i := range reaches {
		if (ought == nil || ought[i]) && !reaches[i] {
			return x.trace(int32(i))
		}
	}
	return nil
}

// trace tells how a state is reached.
func (x *explorer) trace(to int32) []string {
	var ordinals []uint8
	for at := to; at > 0; at = x.parent[at] {
		ordinals = append(ordinals, x.taken[at])
	}
	slices.Reverse(ordinals)
	s := *x.start()
	lines := []string{}
	for i, ordinal := range ordinals {
		move := x.steps(&s)[ordinal]
		lines = append(lines, fmt.Sprintf("%3d  %-7s %-58s %s", i+1, whoActs[move.who], move.what, move.to.String()))
		s = move.to
	}
	return lines
}

// String is the finding for people.
func (f finding) String() string {
	return fmt.Sprintf("%s, after %d steps:\n%s", f.broken, len(f.trace), strings.Join(f.trace, "\n"))
}
