package guard

import (
	"encoding/json"
	"time"
)

// DependencyHealth is a picture of one dependency at one moment. Times are zero where there was none. It marshals to
// JSON in snake case, durations in seconds.
type DependencyHealth struct {
	Name        string          `json:"name"`
	State       DependencyState `json:"state"`
	Critical    bool            `json:"critical"`
	Breaker     string          `json:"breaker"` // "closed", "open" or "half-open"
	Since       time.Time       `json:"since"`   // of State
	LastError   error           `json:"-"`
	LastSuccess time.Time       `json:"last_success,omitzero"`  // to 50 ms, rounded down
	LastFailure time.Time       `json:"last_failure,omitzero"`  // refusals by the breaker are none
	OpenUntil   time.Time       `json:"open_until,omitzero"`    // the next trial of an open breaker
	Backoff     time.Duration   `json:"-"`                      // the whole delay of an open breaker
	HoldUntil   time.Time       `json:"hold_until,omitzero"`    // the gate is shut until then, as far as this dependency goes
	Failures    int             `json:"failures"`               // in a row, while the breaker is closed
	Episode     int             `json:"episode"`                // number of the current or last episode of ill health; 0 before the first
	Recovering  bool            `json:"recovering"`             // the episode is not over
	EpisodeFrom time.Time       `json:"episode_since,omitzero"` // backdated to the last proof before it
	Isolated    string          `json:"isolated,omitempty"`     // the operator's reason; empty if not isolated
	IsolatedAt  time.Time       `json:"isolated_since,omitzero"`
	Probed      bool            `json:"probed"` // a probe, and not the next call, finds out that it works again
}

// MarshalJSON implements [json.Marshaler].
func (h DependencyHealth) MarshalJSON() ([]byte, error) {
	type plain DependencyHealth
	return json.Marshal(struct {
		plain

		LastError string  `json:"last_error,omitempty"`
		Backoff   float64 `json:"backoff_s"`
	}{plain(h), errorText(h.LastError), h.Backoff.Seconds()})
}

// health takes the picture of d.
func (d *Dependency) health() DependencyHealth {
	d.mu.Lock()
	defer d.mu.Unlock()
	clock := &d.registry.clock
	h := DependencyHealth{
		Name: d.name, State: d.state(), Critical: !d.policy.Optional, Breaker: d.mode.String(), Since: clock.wall(d.changedAt),
		LastError: d.lastError, LastSuccess: clock.wall(clock.at(proof(d.proof.Load()).tick())),
		LastFailure: clock.wall(moment(d.lastFailure.Load())), Failures: d.failures, Episode: d.episode,
		Recovering: d.episodeOpen, Isolated: d.isolated, Probed: d.usesProbe(),
	}
	if d.isolated != "" {
		h.IsolatedAt = clock.wall(d.isolatedAt)
	}
	if d.mode == open && d.isolated == "" {
		h.OpenUntil, h.Backoff = clock.wall(max(d.openUntil, d.crowdedUntil)), d.delay
	}
	hold, now := after(d.registered, d.startHold()), clock.now()
	if ended := moment(d.episodeEnded.Load()); ended != forever {
		hold = max(hold, after(ended, d.policy.Hold))
	}
	if hold > now {
		h.HoldUntil = clock.wall(hold)
	}
	if d.episodeOpen {
		h.EpisodeFrom = clock.wall(d.episodeSince)
	}
	return h
}

// startHold is how long d keeps the gate shut after its registration.
func (d *Dependency) startHold() time.Duration {
	if d.registry.startHold >= 0 {
		return d.registry.startHold
	}
	return d.policy.Hold
}

// SystemHealth is the aggregate of a registry.
type SystemHealth struct {
	State        DependencyState    `json:"state"` // the worst of the critical ones; an optional one degrades it at most
	Mode         Mode               `json:"mode"`
	Observed     []string           `json:"observed,omitempty"` // operations that are NOT ENFORCED, although the mode may be
	Missing      []string           `json:"missing,omitempty"`  // required, and not registered
	Suspects     int                `json:"suspects"`           // failures about keys that are remembered
	Overflowed   uint64             `json:"overflowed"`         // failures about keys for which there was no room; all keys were denied for hold
	Dependencies []DependencyHealth `json:"dependencies"`
}

// System returns the aggregate: the worst state of the critical dependencies, where unknown counts as worse than
// degraded; an optional dependency that is known to be ill degrades it. It is at least [Unknown] without any dependency, and
// while one of [Requires] is not registered. It never probes.
func (r *HealthRegistry) System() SystemHealth {
	s := SystemHealth{State: Healthy, Mode: Mode(r.mode.Load()), Observed: r.observed()}
	s.Suspects, s.Overflowed = r.suspects.counts()
	for h := range r.All() {
		s.Dependencies = append(s.Dependencies, h)
		switch {
		case h.Critical:
			s.State = worse(s.State, h.State)
		case h.State != Healthy && h.State != Unknown:
			s.State = worse(s.State, Degraded)
		}
	}
	for _, q := range r.required() {
		if q.missing() {
			s.Missing = append(s.Missing, q.name)
		}
	}
	if len(s.Dependencies) == 0 || len(s.Missing) > 0 {
		s.State = worse(s.State, Unknown)
	}
	return s
}
