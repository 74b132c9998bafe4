package guard

import (
	"math/rand/v2"
	"time"
)

// What befalls the servers, as far as calls and probes show it.

// slowly makes half of the answers or more come too late.
var slowly = fault{harm: slow, slow: [2]time.Duration{200 * time.Millisecond, 1600 * time.Millisecond}}

func isWrite(r request) bool { return r.writes }

// outage is one fault of Redis, and for one in four stories of the API too, for a time between two bounds.
func outage(least, most time.Duration, f fault) func(*story, *rand.Rand) {
	return func(st *story, rnd *rand.Rand) {
		both := rnd.IntN(4) == 0
		down := st.trouble(st.warm, between(rnd, least, most))
		st.fault("redis", down, f)
		if both {
			st.fault("api", down, f)
		}
	}
}

// drawnOutage is one of 3 s to 3 minutes.
func drawnOutage(f fault) func(*story, *rand.Rand) { return outage(3*time.Second, 3*time.Minute, f) }

// apiOutage takes the API away, and leaves Redis.
func apiOutage(st *story, rnd *rand.Rand) {
	down := st.trouble(st.warm, between(rnd, 3*time.Second, 3*time.Minute))
	st.fault("api", down, fault{harm: []harm{refuse, swallow, mute}[rnd.IntN(3)]})
}

// partialKeys loses the writes about some sessions. Their keys stay suspect for hold.
func partialKeys(st *story, rnd *rand.Rand) {
	part := interval{st.warm, st.warm + between(rnd, 20*time.Second, 3*time.Minute)}
	st.trouble(part.from, part.to-part.from+st.hold)
	st.fault("redis", part, fault{harm: swallow, hits: func(r request) bool { return r.writes && !r.probe && r.key%4 == 0 }})
}

// failingWrites fails the writes of calls and not those of probes.
func failingWrites(st *story, rnd *rand.Rand) {
	down := st.trouble(st.warm, between(rnd, 20*time.Second, 90*time.Second))
	st.fault("redis", down, fault{harm: refuse, hits: func(r request) bool { return r.writes && !r.probe }})
}

// flap is a Redis that comes and goes for a minute.
func flap(down, up time.Duration) func(*story, *rand.Rand) {
	return func(st *story, _ *rand.Rand) {
		end := st.trouble(st.warm, time.Minute).to
		for at := st.warm; at < end; at += down + up {
			st.fault("redis", interval{at, at + down}, fault{harm: swallow})
		}
	}
}

// flapDrawn is a flapping Redis with periods of its own.
func flapDrawn(st *story, rnd *rand.Rand) {
	end := st.trouble(st.warm, between(rnd, 20*time.Second, 2*time.Minute)).to
	harms := []harm{swallow, refuse, mute, hoard, bounce}
	for at := st.warm; at < end; {
		down := interval{at, at + between(rnd, 200*time.Millisecond, 8*time.Second)}
		st.fault("redis", down, fault{harm: harms[rnd.IntN(len(harms))]})
		at = down.to + between(rnd, 200*time.Millisecond, 8*time.Second)
	}
}

// clumps are outages too short for any probe.
func clumps(st *story, rnd *rand.Rand) {
	end := st.trouble(st.warm, 2*time.Minute).to
	for at := st.warm; at < end; at += between(rnd, 5*time.Second, 20*time.Second) {
		st.fault("redis", interval{at, at + between(rnd, 50*time.Millisecond, 300*time.Millisecond)}, fault{harm: swallow})
	}
}

// noise is a share of errors that never goes away.
func noise(least, most float64) func(*story, *rand.Rand) {
	return func(st *story, rnd *rand.Rand) {
		st.noisy, st.noise = true, least+rnd.Float64()*(most-least)
	}
}

// shortNoise is noise for as long as it takes many dead to be reaped at once.
func shortNoise(least, most float64) func(*story, *rand.Rand) {
	return func(st *story, rnd *rand.Rand) {
		noise(least, most)(st, rnd)
		st.warm, st.mortal, st.deaths = 2*st.heartbeat, 0.8, [2]time.Duration{time.Second, 2 * time.Second}
		st.length = st.ttl + 3*time.Second
	}
}

// probeNoise loses one probe in a hundred. Two in a row open an episode, which is rare; one does not.
func probeNoise(st *story, _ *rand.Rand) {
	st.noisy = true
	for _, dependency := range []string{"api", "redis"} {
		st.fault(dependency, interval{0, time.Hour}, fault{harm: swallow, share: 0.01, hits: func(r request) bool { return r.probe }})
	}
}

// inboundSilence takes away Redis and the clients together: no call fails, because nobody calls.
func inboundSilence(st *story, rnd *rand.Rand) {
	st.cutOff(between(rnd, max(20*time.Second, st.ttl), 90*time.Second))
}

// blink takes away both for a time that is long enough to be noticed, and too short for the breaker.
func blink(st *story, rnd *rand.Rand) { st.cutOff(between(rnd, st.detection(), st.ttl)) }

// unseenBlink takes away both for less time than it takes to notice.
func unseenBlink(st *story, rnd *rand.Rand) {
	st.cutOff(between(rnd, st.detection()/2, st.detection()))
}

// deaf takes away the clients, and nothing else.
func deaf(st *story, rnd *rand.Rand) {
	st.inbound = append(st.inbound, st.trouble(st.warm, between(rnd, st.ttl, time.Minute)))
}

// cutOff takes away Redis and the clients for so long.
func (st *story) cutOff(d time.Duration) {
	gone := st.trouble(st.warm, d)
	st.inbound = append(st.inbound, gone)
	st.fault("redis", gone, fault{harm: swallow})
}

// partition cuts the second process off from Redis.
func partition(st *story, rnd *rand.Rand) {
	cut := st.trouble(st.warm, between(rnd, 30*time.Second, 90*time.Second))
	st.fault("redis", cut, fault{harm: swallow, hits: func(r request) bool { return r.process == 1 }})
}
