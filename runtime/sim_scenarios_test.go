package guard

import (
	"math/rand/v2"
	"time"
)

// scenario is a kind of story.
type scenario struct {
	name  string
	about string
	shape func(g *geometry, rnd *rand.Rand) // changes the geometry that was drawn; may be nil
	plan  func(st *story, rnd *rand.Rand)   // adds what befalls the service

	kills []protectionKind // who lets live sessions be destroyed in it
	gap   bool             // the guard too: known not to be covered
	spent bool             // somebody spends the budget, so that the dead wait for what is left of it
	fast  int              // seeds in the fast slice; 0: as many as of the others
}

// unguarded are the protections under which a fault kills, or the test would prove nothing.
var unguarded = []protectionKind{bare, naive}

// scenarios are all of them, in the order of the documentation.
var scenarios = []*scenario{
	{name: "S0", about: "health", plan: func(*story, *rand.Rand) {}},
	{name: "S1", about: "Redis does not answer for 8 s", plan: outage(8*time.Second, 8*time.Second, fault{harm: swallow}), kills: unguarded},
	{name: "S2", about: "Redis does not answer for a minute", plan: outage(time.Minute, time.Minute, fault{harm: swallow}), kills: unguarded},
	{name: "S3", about: "Redis refuses for a minute", plan: outage(time.Minute, time.Minute, fault{harm: refuse}), kills: unguarded},
	{name: "S4", about: "30 % time-outs for a minute", plan: outage(time.Minute, time.Minute, fault{harm: swallow, share: 0.3}), kills: unguarded},
	{name: "S5", about: "5 % time-outs for a minute", plan: outage(time.Minute, time.Minute, fault{harm: swallow, share: 0.05}), kills: unguarded},
	{name: "S6", about: "2 % errors always", shape: steady, plan: noise(0.02, 0.02), kills: unguarded},
	{name: "S7", about: "0.2 % errors always", shape: steady, plan: noise(0.002, 0.002), kills: unguarded},
	{name: "S8", about: "answers take 0.2 to 1.6 s", plan: outage(time.Minute, time.Minute, slowly), kills: unguarded},
	{name: "S9", about: "3 s down, 3 s up", plan: flap(3*time.Second, 3*time.Second), kills: unguarded},
	{name: "S10", about: "Redis and the clients' network are gone; nothing calls", shape: fromMemory, plan: inboundSilence, kills: unguarded},
	{name: "S11", about: "our process stands still for 40 s", plan: standstill(40*time.Second, 40*time.Second), kills: unguarded},
	{name: "S12", about: "Redis restarts empty", shape: fromRecords, plan: restartEmpty, kills: unguarded},

	{name: "api", about: "the API is gone, Redis is fine", plan: apiOutage, kills: unguarded},
	{name: "keys", about: "writes about one session in four are lost, all else works", shape: subtracting, plan: partialKeys, kills: unguarded},
	{name: "one-way", about: "requests arrive, answers do not", plan: drawnOutage(fault{harm: mute}), kills: unguarded},
	{name: "burst", about: "Redis hangs, and then answers all at once", shape: patient, plan: drawnOutage(fault{harm: hoard}), kills: unguarded},
	{name: "burst-fail", about: "Redis hangs, and then fails all at once", shape: patient, plan: drawnOutage(fault{harm: bounce}), kills: unguarded},
	{name: "read-only", about: "Redis refuses writes, PING is fine", plan: drawnOutage(fault{harm: readOnly}), kills: unguarded},
	{name: "write-hang", about: "writes hang, PING is fine", plan: drawnOutage(fault{harm: swallow, hits: isWrite}), kills: unguarded},
	{name: "shed", about: "writes fail, PING is fine, and the front sends clients away", shape: sendingAway, plan: failingWrites, kills: unguarded[:1]},
	{name: "late", about: "Redis hangs, and no call fails within the TTL", shape: undeclared, plan: outage(30*time.Second, time.Minute, fault{harm: swallow}), kills: unguarded},
	{name: "blink", about: "as S10, for less than a TTL", shape: blinking, plan: blink, kills: unguarded},
	{name: "flap", about: "comes and goes in drawn periods", plan: flapDrawn, kills: unguarded},
	{name: "clumps", about: "no answers for up to 0.3 s, every few seconds", plan: clumps, kills: unguarded},
	{name: "noise", about: "0.1 to 5 % errors, beside 40 to 400 calls/s", shape: busy(40, 400), plan: noise(0.001, 0.05), kills: unguarded},
	{name: "noise-fast", about: "0.1 to 5 % errors, beside 10,000 calls/s", shape: busy(10_000, 10_000), plan: shortNoise(0.001, 0.05), fast: 1},
	{name: "noise-probe", about: "1 % of probes are lost, and no call", shape: probed, plan: probeNoise},
	{name: "snapshot", about: "Redis restarts from an old snapshot", shape: withGenerations, plan: restartFromSnapshot, kills: unguarded},
	{name: "snapshots", about: "again and again", shape: withGenerations, plan: again(time.Minute, 20*time.Second, restartFromSnapshot), kills: unguarded},
	{name: "restart", about: "our process is restarted late in an outage", plan: ownRestart, kills: unguarded},
	{name: "stalls", about: "our process stands still again and again", plan: again(2*time.Minute, 40*time.Second, standstill(time.Second, 10*time.Second)), kills: unguarded},
	{name: "wall-forward", about: "the wall clock is set an hour ahead", shape: subtracting, plan: wallStep(time.Hour), kills: unguarded},
	{name: "wall-back", about: "the wall clock is set back an hour", plan: wallStep(-time.Hour)},
	{name: "suspend", about: "the machine is suspended", plan: suspend, kills: unguarded},
	{name: "compound", about: "two or three of all this, at drawn times", shape: anyShape, plan: compound, kills: unguarded},
	{name: "budget", about: "a faulty caller destroys whatever it knows", shape: budgeted, plan: faultyCaller, kills: unguarded, spent: true},

	{name: "S13", about: "a peer is cut off from Redis, and we reap what it feeds", shape: withPeer, plan: partition, kills: unguarded, gap: true},
	{name: "deaf", about: "clients do not reach us, and all dependencies are fine", plan: deaf, kills: unguarded, gap: true},
	{name: "unseen", about: "as S10, for less time than it takes to notice", shape: slowToNotice, plan: unseenBlink},
	{name: "in-flight", about: "writes hang for longer than a TTL, PING is fine; the reaper reads nothing", shape: slowToFail, plan: partialKeys, kills: unguarded, gap: true},
	{name: "starved", about: "our process runs a quarter of the time, and its front refuses clients", shape: refusingClients, plan: starved, kills: unguarded},
	{name: "drip", about: "the wall clock runs four times too fast", plan: drip, kills: unguarded},
}

// scenarioNamed returns nil if there is none of that name.
func scenarioNamed(name string) *scenario {
	for _, sc := range scenarios {
		if sc.name == name {
			return sc
		}
	}
	return nil
}
