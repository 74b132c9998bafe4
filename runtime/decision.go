package guard

import (
	"errors"
	"time"
)

// hopeless is the RetryAfter where waiting does not help, and somebody must do something.
const hopeless = time.Minute

// snapshot is everything that the gate's decision depends on, at one moment.
type snapshot struct {
	now          moment
	wall         time.Time // by the wall clock
	closed       bool
	confirmed    bool // a person asked for just this
	scoped       bool
	scope        blame
	key          blame
	suspectKey   string
	stalled      time.Duration // how long the process stood still until now; 0: it did not
	budget       Budget
	budgetLeft   bool
	budgetRefill moment
	startHold    time.Duration // after registration
	hold         time.Duration // the longest over the required
	required     []standing
}

// blame is an unresolved failure, until its moment. The zero blame is none.
type blame struct {
	until      moment
	dependency string
	cause      error
}

// standing is one required dependency as the gate sees it.
type standing struct {
	name         string
	registered   bool
	registeredAt moment
	refusing     bool
	isolated     bool
	retryAt      moment // of refusing
	cause        error  // of refusing, or of not being proven
	failedAt     moment // the last failure or refusal
	quiet        time.Duration
	episodeEnded moment // 0: there was none; forever: it is open
	epoch        epoch  // of failures; a proof must be of it, or newer
	provenUntil  moment // its proof is too old then; 0: there is none
	recognised   bool   // it has a generation
	doubted      bool   // nothing has told yet that it is still the one that it was
	illness      error  // what opened the last episode
}

// verdict is the gate's decision: an empty reason allows.
type verdict struct {
	reason     Reason
	dependency string
	key        string
	cause      error
	until      moment // when asking again makes sense
}

// decide is the gate's decision, a pure function of the snapshot. What is not known, not registered or not proven denies.
func (s *snapshot) decide() verdict { return firstDenial(s.steps()) }

// steps are the mechanisms of the gate, in their order.
func (s *snapshot) steps() []func() verdict {
	return []func() verdict{
		s.byState, s.byScope, s.byKey, s.byNoise, s.byStall, s.byEpisode, s.byStart, s.byHold, s.byBudget, s.byEvidence,
	}
}

func firstDenial(steps []func() verdict) verdict {
	for _, step := range steps {
		if v := step(); v.reason != "" {
			return v
		}
	}
	return verdict{}
}

func (s *snapshot) byState() verdict {
	if v := s.byControl(); v.reason == ReasonRegistryClosed {
		return v
	}
	if len(s.required) == 0 {
		return verdict{reason: ReasonNoDependency, until: s.now.add(hopeless)}
	}
	for _, d := range s.required {
		if !d.registered {
			return verdict{reason: ReasonUnknownDependency, dependency: d.name, until: s.now.add(hopeless)}
		}
	}
	if v := s.byControl(); v.reason != "" {
		return v
	}
	for _, d := range s.required {
		if d.refusing {
			return verdict{reason: ReasonUnhealthy, dependency: d.name, cause: d.cause, until: d.retryAt}
		}
	}
	return verdict{}
}

// byControl denies what no override passes: the registry is closed, or somebody isolated a required dependency.
func (s *snapshot) byControl() verdict {
	if s.closed {
		return verdict{reason: ReasonRegistryClosed, cause: ErrClosed, until: s.now.add(hopeless)}
	}
	for _, d := range s.required {
		if d.isolated {
			return verdict{reason: ReasonIsolated, dependency: d.name, cause: d.cause, until: d.retryAt}
		}
	}
	return verdict{}
}

func (s *snapshot) byScope() verdict {
	if s.scope.until <= s.now {
		return verdict{}
	}
	return verdict{reason: ReasonScope, dependency: s.scope.dependency, cause: s.scope.cause, until: s.scope.until}
}

func (s *snapshot) byKey() verdict {
	if s.confirmed || s.key.until <= s.now {
		return verdict{}
	}
	return verdict{reason: ReasonKey, dependency: s.key.dependency, key: s.suspectKey, cause: s.key.cause, until: s.key.until}
}

func (s *snapshot) byNoise() verdict {
	if s.scoped {
		return verdict{}
	}
	v, _ := s.latest(ReasonQuiet, func(d standing) moment { return after(d.failedAt, d.quiet) })
	return v
}

// byStall sees a stall that has not opened its episodes yet. No person's wish passes it: nothing is known of the last
// seconds.
func (s *snapshot) byStall() verdict {
	if s.stalled == 0 {
		return verdict{}
	}
	return s.stall()
}

func (s *snapshot) stall() verdict {
	return verdict{reason: ReasonStalled, until: s.now.add(episodeStreak * episodeTurn).add(s.hold)}
}

// byEpisode is never skipped for a person's wish: an open episode is a matter of state.
func (s *snapshot) byEpisode() verdict {
	v, last := s.latest(ReasonRecovering, func(d standing) moment {
		if d.episodeEnded != forever {
			return 0
		}
		return s.now.add(episodeStreak * episodeTurn).add(s.hold)
	})
	v.cause = last.illness
	return v
}

func (s *snapshot) byStart() verdict {
	if s.confirmed {
		return verdict{}
	}
	v, _ := s.latest(ReasonStart, func(d standing) moment { return after(d.registeredAt, s.startHold) })
	return v
}

func (s *snapshot) byHold() verdict {
	if s.confirmed {
		return verdict{}
	}
	v, last := s.latest(ReasonHold, func(d standing) moment { return after(d.episodeEnded, s.hold) })
	v.cause = last.illness
	return v
}

func (s *snapshot) byBudget() verdict {
	if s.confirmed || s.budgetLeft {
		return verdict{}
	}
	return verdict{reason: ReasonBudget, cause: errors.New(s.budget.String()), until: s.budgetRefill}
}

func (s *snapshot) byEvidence() verdict {
	for _, d := range s.required {
		if d.doubted || d.provenUntil < s.now {
			return verdict{reason: ReasonUnproven, dependency: d.name, cause: d.cause}
		}
	}
	return verdict{}
}

// latest denies until the last of the required dependencies, which it returns, is over what until says; a moment that is
// past denies nothing.
func (s *snapshot) latest(reason Reason, until func(standing) moment) (v verdict, last standing) {
	for _, d := range s.required {
		if at := until(d); at > s.now && at > v.until {
			v = verdict{reason: reason, dependency: d.name, until: at}
			last = d
		}
	}
	return v, last
}

// after is the moment d after m, and never after a moment that never was.
func after(m moment, d time.Duration) moment {
	if m == 0 {
		return 0
	}
	return m.add(d)
}
