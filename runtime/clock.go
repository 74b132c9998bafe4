package guard

import (
	"sync/atomic"
	"time"
)

// moment is a time in nanoseconds on the clock of a registry. Zero means never.
type moment int64

// forever lies after every moment.
const forever moment = 1<<63 - 1

func (m moment) add(d time.Duration) moment {
	if sum := m + moment(d); sum >= m || d < 0 {
		return sum
	}
	return forever
}

func (m moment) sub(n moment) time.Duration { return time.Duration(m - n) }

// tickLength is the resolution of the coarse clock. A stamp of it is at most this much older than the truth, and never
// newer, so that evidence only ever looks older than it is.
const tickLength = 50 * time.Millisecond

// upTo is the first multiple of d that is not before m.
func (m moment) upTo(d time.Duration) moment {
	if past := m % moment(d); past > 0 {
		return m.add(d - time.Duration(past))
	}
	return m
}

// clock is the time of a registry: an exact one for slow paths, and a coarse one that costs the request path a load. Both
// are monotonic, and go on by the time that the machine was suspended as soon as that is noticed. Safe for concurrent use.
type clock struct {
	start time.Time
	tick  atomic.Uint32 // whole ticks since start, plus one
	slept atomic.Int64  // nanoseconds that the monotonic clock of the system did not count

	beaten    atomic.Int64 // the moment of the last beat
	ahead     atomic.Int64 // how far the wall clock was ahead of this one then, in nanoseconds
	owed      atomic.Int64 // of beats that came late and leaps of the wall clock, as far as they have not worn off: see owes
	wallShift atomic.Int64 // tests move the wall clock by it
}

// reading is what the clocks say at one moment.
type reading struct {
	now   moment
	wall  time.Time     // without a monotonic part
	ahead time.Duration // of the wall clock before ours, since start
}

func (c *clock) init() {
	c.start = time.Now()
	c.beat(c.read())
}

// now returns the exact moment; never zero.
func (c *clock) now() moment { return c.of(time.Now()) }

// of returns the moment of a time that was just read.
func (c *clock) of(t time.Time) moment { return moment(t.Sub(c.start)) + moment(c.slept.Load()) + 1 }

func (c *clock) read() reading {
	t := time.Now()
	r := reading{now: c.of(t), wall: t.Round(0).Add(time.Duration(c.wallShift.Load()))}
	r.ahead = r.wall.Sub(c.start.Round(0)) - r.now.sub(1)
	return r
}

// beat brings the coarse clock up to what was read, unless it is there already.
func (c *clock) beat(r reading) {
	owed := c.owes(r)
	for {
		beaten := c.beaten.Load()
		if moment(beaten) >= r.now {
			return
		}
		if c.beaten.CompareAndSwap(beaten, int64(r.now)) {
			break
		}
	}
	c.owed.Store(int64(owed))
	c.ahead.Store(int64(r.ahead))
	c.tick.Store(uint32(r.now/moment(tickLength)) + 1)
}

// owes is how much is missing of the time until a reading: by how much beats came later than their ticks, and the wall
// clock ran ahead. Short gaps add up, and wear off in four times their length, so that a process that is starved, or a
// clock that is set again and again, is noticed like one that stood still at once.
func (c *clock) owes(r reading) time.Duration {
	passed := max(0, r.now.sub(moment(c.beaten.Load())))
	late := max(0, passed-2*tickLength) + max(0, r.ahead-time.Duration(c.ahead.Load()))
	return max(0, time.Duration(c.owed.Load())+late-passed/4)
}

// at returns the moment when a tick began: the conservative reading of a stamp.
func (c *clock) at(tick uint32) moment {
	if tick == 0 {
		return 0
	}
	return moment(tick-1)*moment(tickLength) + 1
}

// wall converts a moment for people; the zero moment to the zero time.
func (c *clock) wall(m moment) time.Time {
	if m == 0 {
		return time.Time{}
	}
	t := time.Now()
	return t.Add(m.sub(c.of(t)))
}
