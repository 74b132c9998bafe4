package guard

import (
	"encoding/json"
	"time"
)

// DependencyHealth is a picture of one dependency at one moment. Times are zero where there was none. It marshals to
// JSON in snake case, durations in seconds.
type DependencyHealth struct {
	Name        string
	State       DependencyState
	Critical    bool
	Breaker     string    // "closed", "open" or "half-open"
	Since       time.Time // of State
	LastError   error
	LastSuccess time.Time     // to 50 ms, rounded down
	LastFailure time.Time     // refusals by the breaker are none
	OpenUntil   time.Time     // the next trial of an open breaker
	Backoff     time.Duration // the whole delay of an open breaker
	HoldUntil   time.Time     // the gate opens; zero if it may be open, or an episode is not over
	Failures    int           // in a row, closed breakers only
	Episode     int           // number of the current or last episode of ill health; 0 before the first
	Recovering  bool          // the episode is not over
	Isolated    string        // the operator's reason; empty if not isolated
}

// MarshalJSON implements [json.Marshaler].
func (h DependencyHealth) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name        string          `json:"name"`
		State       DependencyState `json:"state"`
		Critical    bool            `json:"critical"`
		Breaker     string          `json:"breaker"`
		Since       time.Time       `json:"since,omitzero"`
		LastError   string          `json:"last_error,omitempty"`
		LastSuccess time.Time       `json:"last_success,omitzero"`
		LastFailure time.Time       `json:"last_failure,omitzero"`
		OpenUntil   time.Time       `json:"open_until,omitzero"`
		Backoff     float64         `json:"backoff_s"`
		HoldUntil   time.Time       `json:"hold_until,omitzero"`
		Failures    int             `json:"failures"`
		Episode     int             `json:"episode"`
		Recovering  bool            `json:"recovering"`
		Isolated    string          `json:"isolated,omitempty"`
	}{
		h.Name, h.State, h.Critical, h.Breaker, h.Since, errorText(h.LastError), h.LastSuccess, h.LastFailure, h.OpenUntil,
		h.Backoff.Seconds(), h.HoldUntil, h.Failures, h.Episode, h.Recovering, h.Isolated,
	})
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
		Recovering: d.episodeOpen, Isolated: d.isolated,
	}
	if d.mode == open && d.isolated == "" {
		h.OpenUntil, h.Backoff = clock.wall(d.openUntil), d.delay
	}
	if ended := moment(d.episodeEnded.Load()); ended != 0 && ended != forever {
		if until := ended.add(d.policy.Hold); until > clock.now() {
			h.HoldUntil = clock.wall(until)
		}
	}
	return h
}

// SystemHealth is the aggregate of a registry.
type SystemHealth struct {
	State        DependencyState    `json:"state"` // the worst of the critical ones; an optional one degrades it at most
	Mode         Mode               `json:"mode"`
	Dependencies []DependencyHealth `json:"dependencies"`
}

// System returns the aggregate: the worst state of the critical dependencies, where unknown counts as worse than
// degraded; an optional dependency degrades it at most. Without any dependency it is [Unknown]. It never probes.
func (r *HealthRegistry) System() SystemHealth {
	s := SystemHealth{Mode: Mode(r.mode.Load())}
	for h := range r.All() {
		s.Dependencies = append(s.Dependencies, h)
		state := h.State
		if !h.Critical && state != Healthy {
			state = Degraded
		}
		if len(s.Dependencies) == 1 {
			s.State = state
		}
		s.State = worse(s.State, state)
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, q := range r.critical {
		if q.dependency == nil {
			s.State = worse(s.State, Unknown)
		}
	}
	return s
}
