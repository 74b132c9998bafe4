package guard

import "time"

// stallLimit is the gap between two beats of the registry above which the process has stood still: it was stopped, starved
// of the processor, or suspended with its machine. All deadlines fire at once then, and whatever did not arrive
// meanwhile says nothing. (The same limit as the TILT mode of Redis Sentinel.)
const stallLimit = 2 * time.Second

// gap returns for how long the process has stood still since the last beat; 0 if it has not. A wall clock that ran ahead
// of the monotonic one is a machine that was suspended, during which only the wall clock runs; one that was set back
// means nothing.
func (c *clock) gap() time.Duration {
	beaten, ahead := moment(c.beaten.Load()), time.Duration(c.ahead.Load())
	now, aheadNow := c.both()
	stood, suspended := now.sub(beaten), max(0, aheadNow-ahead)
	if stood <= stallLimit && suspended <= stallLimit {
		return 0
	}
	return stood + suspended
}

// mindStall opens an episode for every dependency if the process has stood still, and then beats. It returns how long the
// process stood still; 0 if it did not. The ticker calls it, and so does the gate, because the handlers of all the
// deadlines that passed may run before the ticker.
func (r *HealthRegistry) mindStall() (stood time.Duration) {
	stood = r.clock.gap()
	if stood == 0 {
		return 0
	}
	r.stalling.Lock()
	defer r.stalling.Unlock()
	gap := r.clock.gap()
	if gap == 0 || r.ctx.Err() != nil { // somebody else was faster
		return stood
	}
	now := r.clock.now()
	r.events.publish(Event{Time: time.Now(), Kind: EventStall, Stall: gap})
	for _, d := range r.sorted() {
		d.stalled(now.add(-gap))
	}
	r.clock.beat() // last: until now everybody sees the gap
	return stood
}

// stalled opens an episode because the process stood still since then.
func (d *Dependency) stalled(since moment) {
	d.unprove() // what began before the stall proves nothing after it
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return
	}
	now := d.registry.clock.now()
	d.openEpisode(now, max(1, min(since, d.provenAt())), "")
	d.sync(now, "")
}
