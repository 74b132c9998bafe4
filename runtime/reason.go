package guard

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
	ReasonScope             Reason = "scope"   // something failed in the scope of the call
	ReasonKey               Reason = "key"     // something failed about a key of the call
	ReasonQuiet             Reason = "quiet"   // no scope, and something failed just now
	ReasonStalled           Reason = "stalled" // our own process stood still
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
			return key + " cannot be told from keys that are suspect"
		}
		return "a call to " + dependency + " about " + key + " failed"
	case ReasonQuiet:
		return dependency + " failed just now, and the call has no scope"
	case ReasonStalled:
		return "this process stood still just now, and has not heard what happened meanwhile"
	case ReasonRecovering:
		return dependency + " is recovering"
	case ReasonStart:
		return "the guard of " + dependency + " has just started"
	case ReasonHold:
		return dependency + " has just recovered, clients may still be reconnecting"
	case ReasonBudget:
		return "budget spent"
	case ReasonUnproven:
		return dependency + " has not answered since its last failure, or not for max-age"
	default:
		return string(r)
	}
}
