package guard

import (
	"sync/atomic"
	"time"
)

// The word of a dependency is all that the request path reads of it:
//
//	epoch (36 bits) | generation (20 bits) | flags (8 bits)
//
// The generation changes when the breaker changes its state; results of another generation do not reach the engine.
// The epoch is bumped by every failure and refusal, before its error is returned; a success proves the dependency only
// if the epoch is still the one that its call began under. Both wrap around: a call would have to last for a million
// transitions, or 68 billion failures, to be mistaken.
const (
	// refusing: the breaker is open or half-open, the dependency is isolated, or the registry is closed.
	refusing uint64 = 1 << 0
	// shedding: degraded, so that heavy reads are refused.
	shedding uint64 = 1 << 1
	// recording: successes are to be recorded one by one, because there was a failure, an episode is open, nothing is
	// proven yet, or the threshold is a rate.
	recording uint64 = 1 << 2

	// always is set in every word, so that a method can send all its calls the long way.
	always uint64 = 1 << 3

	generationUnit uint64 = 1 << 8
	generationMask uint64 = 1<<28 - generationUnit
	epochUnit      uint64 = 1 << 28
	epochShift            = 28
)

// epoch is the failure epoch of a word. Epochs are compared by [epoch.since].
type epoch uint64

func epochOf(word uint64) epoch { return epoch(word >> epochShift) }

// since reports whether e is not older than f, across a wrap-around.
func (e epoch) since(f epoch) bool { return int64(e<<epochShift-f<<epochShift) >= 0 }

func sameGeneration(a, b uint64) bool { return (a^b)&generationMask == 0 }

// proof is the evidence that a success leaves: the epoch that it proves, and the tick of the coarse clock when it was
// seen. Zero means that there was none.
type proof uint64

func proofOf(word uint64, tick uint32) proof { return proof(word>>epochShift<<32 | uint64(tick)) }

func (p proof) proves(e epoch) bool { return p != 0 && uint32(p>>32) == uint32(e) }

func (p proof) tick() uint32 { return uint32(p) }

// moment is a time in nanoseconds on the monotonic clock of a registry. Zero means never.
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

// clock is the time of a registry: an exact one for slow paths, and a coarse one that costs the request path a load.
// Safe for concurrent use.
type clock struct {
	start time.Time
	tick  atomic.Uint32 // whole ticks since start, plus one

	beaten    atomic.Int64 // the moment of the last beat
	ahead     atomic.Int64 // how far the wall clock was ahead of the monotonic one then, in nanoseconds
	wallShift atomic.Int64 // tests move the wall clock by it
}

func (c *clock) init() {
	c.start = time.Now()
	c.beat()
}

// now returns the exact moment; never zero.
func (c *clock) now() moment { return moment(time.Since(c.start)) + 1 }

// beat brings the coarse clock up to date.
func (c *clock) beat() {
	now, ahead := c.both()
	c.tick.Store(uint32(now/moment(tickLength)) + 1)
	c.ahead.Store(int64(ahead))
	c.beaten.Store(int64(now))
}

// both reads the monotonic clock, and how far the wall clock is ahead of it since start.
func (c *clock) both() (now moment, ahead time.Duration) {
	t := time.Now()
	elapsed := t.Sub(c.start)
	wall := t.Round(0).Sub(c.start.Round(0)) + time.Duration(c.wallShift.Load())
	return moment(elapsed) + 1, wall - elapsed
}

// at returns the moment when a tick began: the conservative reading of a stamp.
func (c *clock) at(tick uint32) moment {
	if tick == 0 {
		return 0
	}
	return moment(tick-1)*moment(tickLength) + 1
}

// wallNow is what the wall clock says, for comparison with times that others wrote down.
func (c *clock) wallNow() time.Time {
	return time.Now().Round(0).Add(time.Duration(c.wallShift.Load()))
}

// wall converts a moment for people; the zero moment to the zero time.
func (c *clock) wall(m moment) time.Time {
	if m == 0 {
		return time.Time{}
	}
	return c.start.Add(time.Duration(m - 1))
}
