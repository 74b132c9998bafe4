package guard

import "time"

// An episode is an interval in which a dependency could not be trusted. It is the gate's own notion, finer than the
// states: the breaker closes on one success, an episode ends after three. Holding the gate counts from its end.
const (
	// episodeTurn is the time between two looks at an open episode, and between its probes.
	episodeTurn = time.Second
	// episodeStreak is the number of successes in a row that end an episode: of probes, or of calls that each began
	// after the last failure. A dependency with a steady rate of errors hardly ever shows the latter to many slow callers,
	// so that its probes count although a call failed between them.
	episodeStreak = 3
)

// openEpisode opens an episode that began at since, unless one is open. What has begun before now proves nothing, and does
// not help to end it. An empty reason says that another event tells of it. Requires d.mu.
func (d *Dependency) openEpisode(now, since moment, cause error, reason string) {
	d.unprove()
	d.episodeEpoch = epochOf(d.word.Load())
	d.callStreak, d.probeStreak, d.recovered = 0, 0, false
	d.illness.Store(&cause)
	if d.required {
		d.registry.hearing.lose(d, since)
	}
	if d.episodeOpen {
		return
	}
	d.episode++
	d.episodeOpen = true
	d.episodeSince = since
	d.turnAt = now.add(episodeTurn)
	d.episodeEnded.Store(int64(forever))
	d.setFlags(false)
	d.registry.disturb()
	if reason != "" {
		d.emit(now, &Event{Kind: EventEpisode, Reason: reason, Episode: d.episode, Err: cause})
	}
}

// lookAtEpisode ends an open episode when the dependency has proven itself often enough, and has it probed until then.
// Only the background loop calls it, so that holding counts from the true end of an episode, not from the moment when
// somebody asked. Requires d.mu.
func (d *Dependency) lookAtEpisode(now moment) {
	if d.recovered || d.probeStreak >= episodeStreak {
		d.episodeOpen = false
		d.episodeEnded.Store(int64(now))
		d.hears(now)
		d.emit(now, &Event{Kind: EventEpisode, Reason: "gate opens after hold", RetryAfter: max(d.policy.Hold, time.Duration(d.registry.longestHold.Load())), Episode: d.episode})
		return
	}
	d.turnAt = now.add(episodeTurn)
	switch {
	case !d.usesProbe():
	case d.registry.crowded():
		d.turnAt = now.add(jittered(episodeTurn, d.registry.random))
	default:
		d.launch(now)
	}
}

// hears notes that what comes through the dependency is heard from now on, unless an episode is open. Requires d.mu.
func (d *Dependency) hears(now moment) {
	if d.required && d.proven && !d.episodeOpen {
		d.registry.hearing.regain(d, now)
	}
}
