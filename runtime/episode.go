package guard

import "time"

// An episode is an interval in which a dependency could not be trusted. It is the gate's own notion, finer than the
// states: the breaker closes on one success, an episode ends after three. Holding the gate counts from its end.
const (
	// episodeTurn is the time between two looks at an open episode, and so between its probes without traffic.
	episodeTurn = time.Second
	// episodeStreak is the number of successes in a row, begun after the last failure, that end an episode.
	episodeStreak = 3
)

// openEpisode opens an episode, backdated to the last proof of health, unless one is open. Requires d.mu.
func (d *Dependency) openEpisode(now moment) {
	d.streak = 0
	if d.episodeOpen {
		return
	}
	d.episode++
	d.episodeOpen = true
	d.episodeSince = d.registry.clock.at(proof(d.proof.Load()).tick())
	if d.episodeSince == 0 {
		d.episodeSince = d.registered
	}
	d.answered, d.turnAt = false, now.add(episodeTurn)
	d.episodeEnded.Store(int64(forever))
	d.setFlags(false)
}

// lookAtEpisode ends an open episode when the dependency has proven itself often enough, and has it probed where no
// traffic does so. Only the background loop calls it, so that holding counts from the true end of an episode, not from
// the moment when somebody asked. Requires d.mu.
func (d *Dependency) lookAtEpisode(now moment) {
	if d.streak >= episodeStreak {
		d.episodeOpen = false
		d.episodeEnded.Store(int64(now))
		d.emit(now, Event{Kind: EventEpisode, Reason: "gate opens after hold", RetryAfter: d.policy.Hold, Episode: d.episode})
		return
	}
	d.turnAt = now.add(episodeTurn)
	if !d.answered && d.probe != nil {
		d.launch(now)
	}
	d.answered = false
}
