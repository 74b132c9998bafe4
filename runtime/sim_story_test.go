package guard

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// story is what a seed of a scenario draws: the numbers of the service, and what befalls it.
type story struct {
	scenario string
	seed     uint64
	geometry

	warm     time.Duration // everything is fine until then
	length   time.Duration // the story ends then
	noise    float64       // the share of calls and probes that fail at any time
	noisy    bool          // something fails at any time
	troubles []interval    // in which no health is promised, sorted; each followed by recognition
	faults   map[string][]fault
	inbound  []interval     // clients do not reach the service
	plots    []func(s *sim) // what else happens

	tolerated int              // wrongful kills that are promised not to be exceeded: the budget
	mortal    float64          // share of the clients that really die
	deaths    [2]time.Duration // and when
}

// geometry are the numbers of a service and its clients.
type geometry struct {
	sessions  int
	heartbeat time.Duration // of a client
	ttl       time.Duration // silence after which the reaper ends a session
	secret    bool          // the program does not declare its TTL, so that nothing is checked against it
	cap       time.Duration // longest back-off of a client
	hold      time.Duration // at least cap and a heartbeat

	turn     time.Duration // of the reaper
	memory   bool          // the reaper knows from its own memory when a client was last seen; otherwise it reads the record
	silence  bool          // the reaper asks Silence; otherwise it subtracts
	rash     float64       // share of failing requests whose handler destroys at once
	topical  bool          // topics are named by their own key only, not by the session's too
	shedding bool          // while the service is unhealthy, the front sends clients away
	queues   bool          // while the process stands still, requests wait for it; otherwise its clients are refused

	callTimeout   time.Duration
	probeTimeout  time.Duration
	probeInterval time.Duration
	probeWrites   bool
	backoff       time.Duration // longest delay of the breaker
	threshold     Threshold
	budget        Budget
	generations   bool // Redis tells which one it is
	processes     int  // 2: a peer shares the servers
	background    int  // calls a second beside those of clients
}

// interval is a span of the story.
type interval struct{ from, to time.Duration }

func (i interval) holds(at time.Duration) bool { return i.from <= at && at < i.to }

// reconnect is the longest absence of a live client.
func (g *geometry) reconnect() time.Duration { return g.cap + g.heartbeat }

// recognition is how long the runtime may need to see that all is well again: the breaker's delay, and the successes that
// end an episode, with a probe that was under way.
func (g *geometry) recognition() time.Duration {
	return g.backoff + g.probeTimeout + (episodeStreak+1)*episodeTurn + g.callTimeout
}

// detection is how long the runtime may need to see that something is wrong.
func (g *geometry) detection() time.Duration { return g.probeInterval*6/5 + 2*g.probeTimeout }

// patience is how long after its death, in health, a session may be listed: TTL, hold and a turn of the reaper. The rest
// is what calls take, and what fails is asked for again in the next turn.
func (g *geometry) patience() time.Duration { return g.ttl + g.hold + 2*g.turn + 2*g.callTimeout }

// newStory draws the story of a seed: a geometry, which the shape of the scenario changes, and what its plan adds.
func newStory(sc *scenario, seed uint64) *story {
	name := fnv.New64a()
	name.Write([]byte(sc.name))
	rnd := rand.New(rand.NewPCG(seed, name.Sum64()))
	st := &story{scenario: sc.name, seed: seed, geometry: drawGeometry(rnd), faults: make(map[string][]fault)}
	if sc.shape != nil {
		sc.shape(&st.geometry, rnd)
	}
	st.hold = max(st.hold, st.reconnect())
	st.warm = st.ttl + between(rnd, 2*st.heartbeat, 4*st.heartbeat)
	st.mortal, st.deaths = 0.1, [2]time.Duration{st.heartbeat, 0}
	sc.plan(st, rnd)
	slices.SortFunc(st.troubles, func(a, b interval) int { return int(a.from - b.from) })
	over := st.warm
	for i := range st.troubles {
		st.troubles[i].to += st.recognition()
		over = max(over, st.troubles[i].to)
	}
	if st.deaths[1] == 0 {
		st.deaths[1] = over
	}
	if st.length == 0 {
		st.length = over + st.patience()
		if st.noisy {
			st.length += 2 * st.hold
		}
	}
	return st
}

// trouble notes that no health is promised from a moment on, for so long.
func (st *story) trouble(from, d time.Duration) interval {
	st.troubles = append(st.troubles, interval{from, from + d})
	return interval{from, from + d}
}

// fault adds what is wrong with a server for a while.
func (st *story) fault(dependency string, during interval, f fault) {
	f.interval = during
	st.faults[dependency] = append(st.faults[dependency], f)
}

// plot adds something else that happens.
func (st *story) plot(f func(s *sim)) { st.plots = append(st.plots, f) }

// drawGeometry draws numbers that the runtime accepts: TTL above two heartbeats, detection within a quarter of it.
func drawGeometry(rnd *rand.Rand) geometry {
	g := geometry{
		heartbeat:    between(rnd, 3*time.Second, 10*time.Second),
		cap:          between(rnd, 20*time.Second, 90*time.Second),
		turn:         between(rnd, time.Second, 2500*time.Millisecond),
		memory:       rnd.IntN(4) == 0,
		silence:      rnd.IntN(2) == 0,
		rash:         0.25,
		topical:      rnd.IntN(2) == 0,
		shedding:     rnd.IntN(4) == 0,
		probeTimeout: between(rnd, 200*time.Millisecond, 600*time.Millisecond),
		backoff:      between(rnd, 2*time.Second, 30*time.Second),
		callTimeout:  between(rnd, 400*time.Millisecond, 1500*time.Millisecond),
		queues:       rnd.IntN(2) == 0,
		budget:       NoBudget,
		threshold:    []Threshold{{Failures: 5}, {Failures: 5, Period: 10 * time.Second}, {Percent: 50, Period: 10 * time.Second, MinCalls: 20}}[rnd.IntN(3)],
		probeWrites:  rnd.IntN(2) == 0,
		sessions:     50 + rnd.IntN(50),
	}
	if rnd.IntN(8) == 0 {
		g.sessions = 100 + rnd.IntN(101)
	}
	if rnd.IntN(8) == 0 {
		g.rash = 1
	}
	g.ttl = between(rnd, max(10*time.Second, 2*g.heartbeat+time.Second), 40*time.Second)
	g.probeInterval = between(rnd, time.Second, min(4*time.Second, (g.ttl/4-2*g.probeTimeout)*5/6))
	g.hold = g.reconnect()
	if rnd.IntN(2) == 0 {
		g.hold += between(rnd, 0, 20*time.Second)
	}
	return g
}

// healthy reports whether the runtime owes health at a moment, and has owed it for as long as d.
func (st *story) healthy(at, d time.Duration) bool {
	return !slices.ContainsFunc(st.troubles, func(t interval) bool { return t.from <= at && at-d < t.to })
}

// due is when a session whose client died at a moment must have ended: after patience in continuous health.
func (st *story) due(died time.Duration) time.Duration {
	since := died
	for _, t := range st.troubles {
		if t.from < since+st.patience() && t.to > since {
			since = t.to
		}
	}
	if st.noisy {
		return since + st.patience() + 2*st.hold
	}
	return since + st.patience()
}

// String is the geometry on one line.
func (g geometry) String() string {
	return fmt.Sprintf("%d sessions, heartbeat %s, ttl %s, client back-off %s, hold %s, reaper every %s (memory %t, silence %t), "+
		"rash %.2f, topical %t, shedding %t, queues %t, call timeout %s, probe %s every %s (writes %t), breaker %s up to %s, budget %s, processes %d, background %d/s",
		g.sessions, g.heartbeat, g.ttl, g.cap, g.hold, g.turn, g.memory, g.silence, g.rash, g.topical, g.shedding, g.queues, g.callTimeout,
		g.probeTimeout, g.probeInterval, g.probeWrites, g.threshold, g.backoff, g.budget, max(1, g.processes), g.background)
}
