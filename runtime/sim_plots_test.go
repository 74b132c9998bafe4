package guard

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// What befalls the processes, the machine, and what the servers hold.

// restartEmpty restarts Redis, in a moment or after some time, and everything that it held is lost.
func restartEmpty(st *story, rnd *rand.Rand) {
	downtime := between(rnd, 5*time.Millisecond, 200*time.Millisecond)
	if rnd.IntN(2) == 0 {
		downtime += between(rnd, 0, 20*time.Second)
	}
	down := st.trouble(st.warm, downtime)
	st.fault("redis", down, fault{harm: refuse})
	st.plot(func(s *sim) {
		s.at(down.from, func() {
			s.redis.generation.Add(1)
			clear(s.redis.records)
		})
	})
}

// restartFromSnapshot restarts Redis in a moment, with records as they were a TTL ago or more.
func restartFromSnapshot(st *story, rnd *rand.Rand) {
	down := st.trouble(st.warm, between(rnd, 20*time.Millisecond, 500*time.Millisecond))
	st.fault("redis", down, fault{harm: refuse})
	age := between(rnd, st.ttl, 3*st.ttl)
	st.plot(func(s *sim) {
		s.at(down.from, func() {
			s.redis.generation.Add(1)
			for i, record := range s.redis.records {
				s.redis.records[i] = record.Add(-age)
			}
		})
	})
}

// ownRestart restarts our process late in an outage of Redis, so that it may run again just after it.
func ownRestart(st *story, rnd *rand.Rand) {
	gone := interval{st.warm, st.warm + between(rnd, 20*time.Second, 90*time.Second)}
	stop := gone.to - between(rnd, 0, 15*time.Second)
	downtime := between(rnd, time.Second, 15*time.Second)
	st.trouble(gone.from, max(gone.to, stop+downtime)+st.hold-gone.from)
	st.fault("redis", gone, fault{harm: swallow})
	st.plot(func(s *sim) {
		s.at(stop, func() { s.processes[0].restart(downtime) })
	})
}

// standstill stops the process for a time between two bounds, and nothing else.
func standstill(least, most time.Duration) func(*story, *rand.Rand) {
	return func(st *story, rnd *rand.Rand) {
		st.freeze(between(rnd, least, most), wakeOrder(rnd.IntN(3)))
	}
}

// starved lets the process run for a quarter of the time, in slots shorter than any stall that counts.
func starved(st *story, rnd *rand.Rand) {
	warm, end := st.warm, st.warm+time.Minute
	for st.warm < end {
		stopped := st.freeze(between(rnd, 500*time.Millisecond, 1900*time.Millisecond), beatFirst)
		st.warm = stopped.to + between(rnd, 150*time.Millisecond, 600*time.Millisecond)
	}
	st.warm = warm
}

func (st *story) freeze(d time.Duration, order wakeOrder) interval {
	stopped := st.trouble(st.warm, d)
	st.plot(func(s *sim) {
		s.at(stopped.from, func() { s.processes[0].freeze() })
		s.at(stopped.to, func() { s.processes[0].thaw(order) })
	})
	return stopped
}

// wallStep sets the wall clock. Set back, it leaves records that lie in the future: nobody is harmed, and those who died
// just before wait until then.
func wallStep(by time.Duration) func(*story, *rand.Rand) {
	return func(st *story, _ *rand.Rand) {
		st.deaths[1] = st.warm + st.ttl
		if by < 0 {
			st.length = st.warm + 3*st.ttl
		}
		st.trouble(st.warm, max(0, st.length-st.warm))
		st.plot(func(s *sim) { s.at(st.warm, func() { s.setWall(by) }) })
	}
}

// drip sets the wall clock ahead again and again, by less than what counts.
func drip(st *story, _ *rand.Rand) {
	from, to := st.warm, st.trouble(st.warm, 20*time.Second).to
	st.plot(func(s *sim) {
		for at := from; at < to; at += 500 * time.Millisecond {
			s.at(at, func() { s.setWall(1500 * time.Millisecond) })
		}
	})
}

// suspend lets the world go on while no time passes for the machine. Its clients are somewhere in their back-off then.
func suspend(st *story, rnd *rand.Rand) {
	at := st.trouble(st.warm, 0).from
	slept := between(rnd, st.ttl, 10*time.Minute)
	st.plot(func(s *sim) {
		s.at(at, func() {
			s.setWall(slept)
			for _, c := range s.clients {
				if c.present() {
					c.cut()
				}
			}
		})
	})
}

// faultyCaller ends every session, each in a scope of its own, without any reason.
func faultyCaller(st *story, _ *rand.Rand) {
	st.trouble(st.warm, time.Minute)
	st.tolerated = st.budget.Limit
	st.plot(func(s *sim) {
		for i, c := range s.clients {
			s.at(st.warm+time.Duration(i)*10*time.Millisecond, func() {
				s.processes[0].endSession(scoped(), c, "faulty caller", func(bool) {}, func(error) {})
			})
		}
	})
}

// again repeats something for so long, at drawn intervals.
func again(d, most time.Duration, what func(*story, *rand.Rand)) func(*story, *rand.Rand) {
	return func(st *story, rnd *rand.Rand) {
		warm, end := st.warm, st.warm+d
		for st.warm < end {
			what(st, rnd)
			st.warm = st.troubles[len(st.troubles)-1].to + between(rnd, 100*time.Millisecond, most)
		}
		st.warm = warm
	}
}

// ingredients are what compound mixes.
var ingredients = []func(*story, *rand.Rand){
	outage(3*time.Second, time.Minute, fault{harm: swallow}),
	outage(3*time.Second, time.Minute, fault{harm: refuse}),
	outage(3*time.Second, time.Minute, fault{harm: mute}),
	outage(3*time.Second, time.Minute, fault{harm: hoard}),
	outage(3*time.Second, time.Minute, fault{harm: bounce}),
	outage(3*time.Second, time.Minute, fault{harm: readOnly}),
	outage(3*time.Second, time.Minute, fault{harm: swallow, hits: isWrite}),
	outage(3*time.Second, time.Minute, fault{harm: swallow, share: 0.3}),
	outage(3*time.Second, time.Minute, fault{harm: swallow, share: 0.05}),
	outage(3*time.Second, time.Minute, slowly),
	apiOutage, partialKeys, failingWrites, flapDrawn, clumps, inboundSilence,
	restartEmpty, restartFromSnapshot, ownRestart, standstill(time.Second, time.Minute), wallStep(time.Hour), suspend,
}

// compound mixes faults, so that one falls into the recovery from another.
func compound(st *story, rnd *rand.Rand) {
	warm := st.warm
	for range 2 + rnd.IntN(2) {
		ingredients[rnd.IntN(len(ingredients))](st, rnd)
		st.warm = warm + between(rnd, 0, 2*time.Minute)
	}
	st.warm, st.deaths[1] = warm, 0
	for _, faults := range st.faults {
		slices.SortFunc(faults, func(a, b fault) int { return cmp.Compare(a.from, b.from) })
	}
}
