package guard

import "time"

// Reason says why a destructive call was denied.
type Reason string

// The reasons in the order in which they are tried; the first that holds is given.
const (
	ReasonRegistryClosed    Reason = "registry-closed"
	ReasonOverride          Reason = "override"           // break-glass was asked for, but is not valid
	ReasonAudit             Reason = "audit"              // break-glass could not be recorded
	ReasonNoDependency      Reason = "no-dependency"      // nothing is required, so nothing can be proven
	ReasonUnknownDependency Reason = "unknown-dependency" // a required one is not registered
	ReasonIsolated          Reason = "isolated"
	ReasonUnhealthy         Reason = "unhealthy"
	ReasonScope             Reason = "scope" // something failed in the scope of the call
	ReasonKey               Reason = "key"   // something failed about a key of the call
	ReasonQuiet             Reason = "quiet" // no scope, and something failed just now
	ReasonRecovering        Reason = "recovering"
	ReasonStart             Reason = "start"
	ReasonHold              Reason = "hold"
	ReasonBudget            Reason = "budget"
	ReasonUnproven          Reason = "unproven" // no success since the last failure, or too old a one
)

// explain puts a reason in words.
func (r Reason) explain(dependency, key string) string {
	switch r {
	case ReasonRegistryClosed:
		return "the registry is closed"
	case ReasonOverride:
		return "break-glass is not valid"
	case ReasonAudit:
		return "break-glass could not be recorded"
	case ReasonNoDependency:
		return "no critical dependency is registered, so nothing can be proven"
	case ReasonUnknownDependency:
		return "required dependency " + dependency + " is not registered"
	case ReasonIsolated:
		return dependency + " isolated"
	case ReasonUnhealthy:
		return dependency + " unhealthy"
	case ReasonScope:
		return "a call to " + dependency + " failed in this scope"
	case ReasonKey:
		if dependency == "" {
			return "too many keys are suspect to tell " + key + " from them"
		}
		return "a call to " + dependency + " about " + key + " failed"
	case ReasonQuiet:
		return dependency + " failed just now, and the call has no scope"
	case ReasonRecovering:
		return dependency + " is recovering"
	case ReasonStart:
		return "the guard of " + dependency + " has just started"
	case ReasonHold:
		return dependency + " has just recovered, clients may still be reconnecting"
	case ReasonBudget:
		return "budget spent"
	case ReasonUnproven:
		return dependency + " has not proven itself since"
	default:
		return string(r)
	}
}

// snapshot is everything that the gate's decision depends on, at one moment.
type snapshot struct {
	now          moment
	closed       bool
	override     overrideStanding
	confirmed    bool // a person asked for just this
	scoped       bool
	scope        blame // valid until its moment
	key          blame
	suspectKey   string
	budgetLeft   bool
	budgetRefill moment
	startHold    time.Duration // after registration
	hold         time.Duration // the longest over the required
	required     []standing
}

// blame is an unresolved failure. It holds until its moment; the zero blame never does.
type blame struct {
	until      moment
	dependency string
	cause      error
}

// overrideStanding says whether break-glass applies to a call.
type overrideStanding uint8

const (
	noOverride overrideStanding = iota
	validOverride
	invalidOverride
)

// standing is one required dependency as the gate sees it.
type standing struct {
	name         string
	registered   bool
	registeredAt moment
	refusing     bool
	isolated     bool
	retryAt      moment // of refusing
	cause        error  // of refusing
	lastFailure  moment
	quiet        time.Duration
	episodeEnded moment // 0: there was none; forever: it is open
	proven       bool
	proofCause   error // why it could not be proven
	proofRetryAt moment
}

// verdict is the gate's decision: an empty reason allows.
type verdict struct {
	reason     Reason
	dependency string
	key        string
	cause      error
	until      moment // when asking again makes sense
}

// decide is the gate's decision, a pure function of the snapshot. Denial is the default at every step: what is not
// known, not registered or not proven denies. (The own stall of the process belongs between quiet and recovering.)
func (s *snapshot) decide() verdict {
	if s.closed {
		return verdict{reason: ReasonRegistryClosed, cause: ErrClosed, until: s.now}
	}
	if s.override != noOverride {
		return s.decideOverride()
	}
	steps := []func() (verdict, bool){
		s.denyByState, s.denyByScope, s.denyByKey, s.denyByNoise, s.denyByEpisode, s.denyByStart, s.denyByHold, s.denyByBudget,
		s.denyByEvidence,
	}
	for _, step := range steps {
		if v, denied := step(); denied {
			return v
		}
	}
	return verdict{}
}

// decideOverride lets a valid break-glass pass everything but isolation.
func (s *snapshot) decideOverride() verdict {
	if s.override == invalidOverride {
		return verdict{reason: ReasonOverride, until: s.now}
	}
	for _, d := range s.required {
		if d.isolated {
			return verdict{reason: ReasonIsolated, dependency: d.name, cause: d.cause, until: d.retryAt}
		}
	}
	return verdict{}
}

func (s *snapshot) denyByState() (verdict, bool) {
	if len(s.required) == 0 {
		return verdict{reason: ReasonNoDependency, until: s.now}, true
	}
	for _, d := range s.required {
		if !d.registered {
			return verdict{reason: ReasonUnknownDependency, dependency: d.name, until: s.now}, true
		}
	}
	for _, d := range s.required {
		switch {
		case d.isolated:
			return verdict{reason: ReasonIsolated, dependency: d.name, cause: d.cause, until: d.retryAt}, true
		case d.refusing:
			return verdict{reason: ReasonUnhealthy, dependency: d.name, cause: d.cause, until: d.retryAt}, true
		}
	}
	return verdict{}, false
}

func (s *snapshot) denyByScope() (verdict, bool) {
	v := verdict{reason: ReasonScope, dependency: s.scope.dependency, cause: s.scope.cause, until: s.scope.until}
	return v, s.scope.until > s.now
}

func (s *snapshot) denyByKey() (verdict, bool) {
	v := verdict{
		reason: ReasonKey, dependency: s.key.dependency, key: s.suspectKey, cause: s.key.cause, until: s.key.until,
	}
	return v, !s.confirmed && s.key.until > s.now
}

func (s *snapshot) denyByNoise() (verdict, bool) {
	if s.scoped {
		return verdict{}, false
	}
	for _, d := range s.required {
		if until := d.lastFailure.add(d.quiet); d.lastFailure != 0 && until > s.now {
			return verdict{reason: ReasonQuiet, dependency: d.name, until: until}, true
		}
	}
	return verdict{}, false
}

// denyByEpisode is never skipped for a person's wish: an open episode is a matter of state.
func (s *snapshot) denyByEpisode() (verdict, bool) {
	for _, d := range s.required {
		if d.episodeEnded == forever {
			return verdict{reason: ReasonRecovering, dependency: d.name, until: s.now.add(episodeStreak*episodeTurn + s.hold)}, true
		}
	}
	return verdict{}, false
}

func (s *snapshot) denyByStart() (verdict, bool) {
	for _, d := range s.required {
		if until := d.registeredAt.add(s.startHold); !s.confirmed && until > s.now {
			return verdict{reason: ReasonStart, dependency: d.name, until: until}, true
		}
	}
	return verdict{}, false
}

func (s *snapshot) denyByHold() (verdict, bool) {
	for _, d := range s.required {
		if until := d.episodeEnded.add(s.hold); !s.confirmed && d.episodeEnded != 0 && until > s.now {
			return verdict{reason: ReasonHold, dependency: d.name, until: until}, true
		}
	}
	return verdict{}, false
}

func (s *snapshot) denyByBudget() (verdict, bool) {
	return verdict{reason: ReasonBudget, until: s.budgetRefill}, !s.confirmed && !s.budgetLeft
}

func (s *snapshot) denyByEvidence() (verdict, bool) {
	for _, d := range s.required {
		if !d.proven {
			return verdict{reason: ReasonUnproven, dependency: d.name, cause: d.proofCause, until: d.proofRetryAt}, true
		}
	}
	return verdict{}, false
}
