package guard

import (
	"math/rand/v2"
	"time"
)

// Shapes change the geometry that a seed drew into one in which the fault of a scenario can harm.

func fromMemory(g *geometry, _ *rand.Rand) { g.memory = true }

func fromRecords(g *geometry, _ *rand.Rand) { g.memory = false }

// subtracting has a reaper that does without Silence: the gate alone must hold.
func subtracting(g *geometry, _ *rand.Rand) { g.silence = false }

func withPeer(g *geometry, _ *rand.Rand) { g.processes, g.memory = 2, false }

func withGenerations(g *geometry, _ *rand.Rand) { g.generations, g.memory = true, false }

// sendingAway has a front that keeps clients from a service which is not ready, so that their attempts are not seen.
func sendingAway(g *geometry, _ *rand.Rand) {
	g.shedding, g.memory, g.probeWrites = true, true, false
}

// refusingClients has a front that refuses clients at once while the process stands still.
func refusingClients(g *geometry, _ *rand.Rand) { g.queues = false }

func budgeted(g *geometry, rnd *rand.Rand) {
	g.budget = Budget{Limit: 5 + rnd.IntN(10), Window: time.Minute}
}

// steady keeps away a threshold that a steady noise exceeds: so many failures in a period, whatever succeeds.
func steady(g *geometry, _ *rand.Rand) {
	if g.threshold.Period > 0 && g.threshold.Percent == 0 {
		g.threshold = Threshold{Failures: 5}
	}
}

// busy is a service with other traffic, whose threshold is a rate because many calls are under way at once. With very much
// of it the story is short.
func busy(least, most int) func(*geometry, *rand.Rand) {
	return func(g *geometry, rnd *rand.Rand) {
		g.background = least + rnd.IntN(most-least+1)
		g.threshold = Threshold{Percent: 50, Period: 10 * time.Second, MinCalls: 20}
		if most > 1000 {
			g.sessions, g.ttl, g.heartbeat = 60, 10*time.Second, 3*time.Second
			g.probeTimeout, g.probeInterval = 500*time.Millisecond, time.Second
		}
	}
}

// probed is a service that probes all the time.
func probed(g *geometry, _ *rand.Rand) {
	g.generations, g.probeInterval = true, time.Second
}

// patient calls wait long enough to see the end of short hangs, though no longer than a client may be silent.
func patient(g *geometry, rnd *rand.Rand) {
	g.callTimeout = between(rnd, time.Second, g.ttl-g.heartbeat-2*time.Second)
}

// slowToNotice has probes that are as slow as the TTL allows, and calls that wait as long.
func slowToNotice(g *geometry, rnd *rand.Rand) {
	g.memory = true
	g.ttl = max(10*time.Second, between(rnd, 2*g.heartbeat+time.Second, 2*g.heartbeat+3*time.Second))
	g.probeTimeout, g.probeInterval = g.ttl/16, g.ttl/10
	g.callTimeout = g.ttl / 5
}

// undeclared has calls that wait long, and probes that are slower than a declared TTL would allow.
func undeclared(g *geometry, rnd *rand.Rand) {
	slowToNotice(g, rnd)
	g.secret, g.callTimeout, g.probeTimeout, g.probeInterval = true, g.ttl*4/5, g.ttl/5, g.ttl*28/100
}

// slowToFail has calls that wait for longer than a client may be silent, and a reaper that would not notice.
func slowToFail(g *geometry, _ *rand.Rand) {
	g.memory, g.callTimeout = true, g.ttl*9/10
}

// blinking notices fast.
func blinking(g *geometry, rnd *rand.Rand) {
	g.memory = true
	g.ttl = between(rnd, max(10*time.Second, 2*g.heartbeat+time.Second), 2*g.heartbeat+5*time.Second)
	g.probeTimeout, g.probeInterval = 500*time.Millisecond, time.Second
}

// anyShape is one in which every fault may occur.
func anyShape(g *geometry, rnd *rand.Rand) {
	steady(g, rnd)
	g.generations = true
}
