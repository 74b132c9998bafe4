package guard

import "time"

// The background loop of a dependency is one timer. Its turns do what is due and set the timer anew; nothing waits in
// between, so an idle dependency costs no goroutine. Whatever happens to a call or a probe, the next turn comes.

// turn does what is due.
func (d *Dependency) turn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.registry.clock.now()
	before, booked := d.flight, d.booked
	switch {
	case d.gone, d.isolated != "": // sticky: nothing heals it
	case d.mode == open && now >= d.nextTrial() && d.flight == nil && d.registry.crowded():
		d.crowdedUntil = now.add(jittered(crowdPause, d.registry.random))
		if d.usesProbe() {
			d.refuseWith(d.crowdedUntil)
		}
	case d.mode == open && now >= d.nextTrial() && d.flight == nil:
		d.tryProbe(now, "probing")
	case d.mode == halfOpen && d.lease != 0 && now >= d.lease:
		d.lastError, d.lost = errTrialLost, d.word.Load()
		d.failing()
		d.engine.RecordFailure()
		d.sync(now, "trial call did not come back")
	case d.mode == closed:
		d.closedTurn(now)
	}
	if f := d.flight; f != nil && f != before && f != booked {
		f.loop = true
		d.registry.flights.Add(1)
	}
	d.schedule(now)
}

// tryProbe runs the trial that may close an open breaker. Requires d.mu, and no probe in the air.
func (d *Dependency) tryProbe(now moment, reason string) {
	if d.try(now, now.add(d.policy.ProbeTimeout), reason) {
		d.launch(now)
	}
}

// closedTurn is a turn while calls run. Requires d.mu.
func (d *Dependency) closedTurn(now moment) {
	if d.degradedUntil != 0 && now >= d.degradedUntil {
		d.degradedUntil, d.calmUntil = 0, now.add(degradedFor)
		d.sync(now, "no cause for "+shortDuration(degradedFor))
	}
	if d.episodeOpen && now >= d.turnAt {
		d.lookAtEpisode(now)
		d.sync(now, "")
	}
	switch {
	case d.probe == nil || d.flight != nil || !d.usesProbe() && now < d.lastProbe.add(hungPause):
	case d.booked != nil && now >= d.bookable():
		d.launch(now)
	case now < d.watchAt:
	case d.proven && d.failedProbe == 0 && !d.recognised.Load() && now.sub(d.provenAt()) < d.policy.ProbeInterval/5*4:
		d.watchAt = d.provenAt().add(jittered(d.policy.ProbeInterval, d.registry.random)) // traffic gives evidence
	case d.registry.crowded():
		d.watchAt = now.add(jittered(crowdPause, d.registry.random))
	default:
		d.launch(now)
	}
}

// provenAt is the moment of the last success, or of the registration before the first one. Requires d.mu.
func (d *Dependency) provenAt() moment {
	return max(d.registry.clock.at(proof(d.proof.Load()).tick()), d.registered)
}

// schedule sets the timer for the next thing that is due. Requires d.mu.
func (d *Dependency) schedule(now moment) {
	if d.gone {
		return
	}
	next := forever
	switch {
	case d.isolated != "":
	case d.mode == open && d.flight == nil:
		next = d.nextTrial()
	case d.mode == halfOpen && d.lease != 0:
		next = d.lease
	case d.mode == closed:
		if d.degradedUntil != 0 {
			next = d.degradedUntil
		}
		if d.episodeOpen {
			next = min(next, d.turnAt)
		}
		if d.probe != nil && !d.usesProbe() && d.flight == nil {
			next = min(next, max(d.watchAt, d.lastProbe.add(hungPause)))
		}
		if d.usesProbe() && d.flight == nil {
			next = min(next, d.watchAt)
			if d.booked != nil {
				next = min(next, d.bookable())
			}
		}
	}
	if next == forever {
		d.timer.Stop()
		return
	}
	if d.registry.batching.Load() && d.booked == nil && next > now { // nobody waits
		next = next.upTo(d.grain())
	}
	d.timer.Reset(max(next.sub(now), time.Microsecond))
}

// A registry of batchedFrom dependencies or more has their turns at multiples of a grain, so that one awakening of the
// process, which is most of what a turn costs, serves many. Both are short enough for the turns of ten thousand to find
// room below probeLimit: probes of healthy ones are many, and trials are rarer, the longer an outage lasts.
const (
	batchedFrom = 256
	turnGrain   = 20 * time.Millisecond
	trialGrain  = 50 * time.Millisecond // while a breaker is open
)

// grain is what d's next turn is at a multiple of, in a registry of many. Requires d.mu.
func (d *Dependency) grain() time.Duration {
	if d.mode == open {
		return trialGrain
	}
	return turnGrain
}
