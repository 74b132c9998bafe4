package guard

import (
	"errors"
	"time"
)

// stallLimit is the gap between two beats of the registry above which the process has stood still: it was stopped, starved
// of the processor, or suspended with its machine. All deadlines fire at once then, and whatever did not arrive
// meanwhile says nothing. (The same limit as the TILT mode of Redis Sentinel.)
const stallLimit = 2 * time.Second

var errStalled = errors.New("this process stood still")

// gap returns for how long the process has stood still until a reading, since the last beat or in short gaps that add up, and
// how much of that the monotonic clock has not counted. It returns zero if the process has not stood still. A wall clock that ran ahead of the monotonic one is a machine that
// was suspended, during which only the wall clock runs; one that was set back means nothing.
func (c *clock) gap(r reading) (stood, suspended time.Duration) {
	stood = r.now.sub(moment(c.beaten.Load()))
	suspended = r.ahead - time.Duration(c.ahead.Load())
	if suspended <= stallLimit {
		suspended = 0
	}
	owed := c.owes(r)
	if stood <= stallLimit && suspended == 0 && owed <= stallLimit {
		return 0, 0
	}
	return max(stood+suspended, owed), suspended
}

// checkStall reads the clocks. If the process has stood still it opens an episode for every dependency, and then beats. It
// returns for how long the process stood still; 0 if it did not. The ticker calls it, and so does the gate, because the
// handlers of all the deadlines that passed may run before the ticker.
func (r *HealthRegistry) checkStall() (read reading, stood time.Duration) {
	read = r.clock.read()
	if stood, _ = r.clock.gap(read); stood == 0 {
		return read, 0
	}
	r.stalling.Lock()
	defer r.stalling.Unlock()
	read = r.clock.read()
	gap, suspended := r.clock.gap(read)
	if gap == 0 || r.ctx.Err() != nil { // somebody else was faster
		return read, stood
	}
	since := max(1, read.now.add(suspended-gap))
	r.stalls.Add(1)
	r.clock.slept.Add(int64(suspended))
	r.events.publish(&Event{Time: time.Now(), Kind: EventStall, Stall: gap})
	for _, d := range r.sorted() {
		d.stalled(since)
	}
	read.now, read.ahead = read.now.add(suspended), read.ahead-suspended
	r.clock.owed.Store(-int64(gap)) // it is paid
	// Last: until now everybody sees the gap. And not later than what was read: a stop just now would be lost.
	r.clock.beat(read)
	return read, gap
}

// stalled opens an episode because the process stood still since then.
func (d *Dependency) stalled(since moment) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return
	}
	now := d.registry.clock.now()
	d.openEpisode(now, min(since, d.provenAt()), errStalled, "")
	d.sync(now, "")
}
