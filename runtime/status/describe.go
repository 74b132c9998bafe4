package status

import (
	"fmt"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// describe puts an event in words, and says how loud they are.
func describe(e guard.Event) (Level, string) {
	switch e.Kind {
	case guard.EventTransition:
		return transition(e)
	case guard.EventEpisode:
		if e.RetryAfter > 0 {
			return LevelInfo, fmt.Sprintf("%s has recovered: the gate opens %s", e.Dependency, countdown(e.RetryAfter))
		}
		return LevelWarn, e.Dependency + ": " + e.Reason + cause(e)
	case guard.EventGeneration:
		return LevelWarn, e.Dependency + " was restarted, emptied or replaced: gate shut" + cause(e)
	case guard.EventStall:
		return LevelWarn, fmt.Sprintf("this process stood still for %s, or its clock was set forward: gate shut", e.Stall.Round(time.Millisecond))
	case guard.EventDenial:
		return denial(e)
	case guard.EventOverride:
		return LevelWarn, fmt.Sprintf("%s overrode the gate for %s: %s", e.Actor, e.Operation, e.Reason)
	case guard.EventMode:
		what := ""
		if e.Operation != "" {
			what = " " + e.Operation
		}
		if e.Mode == guard.Observe {
			return LevelObserve, "the gate only observes" + what + ": NOT ENFORCING"
		}
		return LevelOK, "the gate enforces" + what
	case guard.EventControl:
		return control(e)
	default:
		return LevelInfo, strings.TrimSpace(string(e.Kind) + " " + e.Dependency + " " + e.Reason)
	}
}

func transition(e guard.Event) (Level, string) {
	level, text := LevelInfo, fmt.Sprintf("%s still %s: breaker %s", e.Dependency, e.To, e.Breaker)
	if e.From != e.To {
		level, text = loud(e.To), e.Dependency+" "+e.To.String()
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		text += cause(e)
	} else if e.Reason != "" {
		text += ", " + e.Reason
	}
	if e.RetryAfter > 0 {
		text += "; next try " + countdown(e.RetryAfter)
	}
	return level, text
}

func loud(s guard.DependencyState) Level {
	switch s {
	case guard.Healthy:
		return LevelOK
	case guard.Unhealthy:
		return LevelFail
	default:
		return LevelWarn
	}
}

func denial(e guard.Event) (Level, string) {
	level, verb := LevelWarn, "denied"
	if e.Mode == guard.Observe {
		level, verb = LevelObserve, "would have been denied (NOT ENFORCING)"
	}
	text := e.Operation + " " + verb
	if e.Count > 1 {
		text += fmt.Sprintf(" %d times", e.Count)
	}
	text += ": " + Why(guard.Reason(e.Reason))
	if e.Dependency != "" {
		text += " [" + e.Dependency + "]"
	}
	if e.Key != "" {
		text += ", key " + e.Key
	}
	return level, text + cause(e)
}

func control(e guard.Event) (Level, string) {
	what := strings.TrimSpace(e.Dependency + " " + e.Operation)
	if what == "" {
		what = "everything"
	}
	text := fmt.Sprintf("%s: %s %s (%s)", e.Actor, e.Action, what, e.Reason)
	if e.Err != nil {
		return LevelWarn, text + ", without effect" + cause(e)
	}
	return LevelInfo, text
}

// cause is the error behind an event, unless the reason says it already.
func cause(e guard.Event) string {
	if e.Err == nil || e.Err.Error() == e.Reason {
		return ""
	}
	return " (" + oneLine(e.Err.Error()) + ")"
}

// Why says in words what a reason for denying means.
func Why(r guard.Reason) string {
	switch r {
	case guard.ReasonRegistryClosed:
		return "the registry is closed"
	case guard.ReasonOverride:
		return "break-glass was not valid"
	case guard.ReasonAudit:
		return "break-glass could not be recorded"
	case guard.ReasonNoDependency:
		return "no critical dependency is registered, so nothing can be proven"
	case guard.ReasonUnknownDependency:
		return "a required dependency is not registered"
	case guard.ReasonIsolated:
		return "a required dependency is isolated by hand"
	case guard.ReasonUnhealthy:
		return "a required dependency is unhealthy"
	case guard.ReasonScope:
		return "something failed in the same unit of work"
	case guard.ReasonKey:
		return "a call about the same target failed"
	case guard.ReasonQuiet:
		return "something failed just now, and the call has no scope"
	case guard.ReasonStalled:
		return "the process stood still just now"
	case guard.ReasonRecovering:
		return "a required dependency is recovering"
	case guard.ReasonStart:
		return "the process has just started, clients may still be reconnecting"
	case guard.ReasonHold:
		return "an outage has just ended, clients may still be reconnecting"
	case guard.ReasonBudget:
		return "the budget is spent"
	case guard.ReasonUnproven:
		return "a required dependency has not proven itself since its last failure"
	default:
		return string(r)
	}
}
