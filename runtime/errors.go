package guard

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
)

var (
	// ErrUnhealthy matches, with [errors.Is], every error that a dependency's state caused: a [*DependencyUnhealthyError],
	// and a [*DestructiveDeniedError] whose reason is one.
	ErrUnhealthy = errors.New("dependency unhealthy")
	// ErrDestructiveDenied matches, with [errors.Is], every [*DestructiveDeniedError].
	ErrDestructiveDenied = errors.New("destructive call denied")
	// ErrClosed is the cause of every refusal after [HealthRegistry.Close].
	ErrClosed = errors.New("guard: registry is closed")
	// ErrUnknownDependency says that nothing is registered under a name.
	ErrUnknownDependency = errors.New("guard: unknown dependency")
	// ErrUnknownOperation says that no destructive operation has a name.
	ErrUnknownOperation = errors.New("guard: unknown operation")

	errTrialLost = errors.New("trial call did not come back")
)

// DependencyUnhealthyError is the answer to a call that did not run, because its dependency is unhealthy, or because it
// is a heavy read and the dependency is degraded. The dependency was not asked.
//
// The error is shared by all calls that one outage refuses, so it must not be changed. It does not unwrap to its cause:
// whoever reacts to a timeout of the dependency must not take the guard's answer for one.
type DependencyUnhealthyError struct {
	Dependency string
	State      DependencyState
	Isolated   string // the operator's reason, if it is isolated
	Cause      error  // the dependency's last error; may be nil

	until   time.Time
	attempt *attemptDetail // of all calls that it refuses; nil outside of a dependency
}

// shared readies an error to refuse many calls, none of which has to make anything of its own.
func shared(e *DependencyUnhealthyError) *DependencyUnhealthyError {
	e.attempt = &attemptDetail{refusal: e}
	return e
}

// RetryAfter is the time until asking again makes sense, in whole seconds, rounded up, at least 1 s.
func (e *DependencyUnhealthyError) RetryAfter() time.Duration {
	return wholeSeconds(time.Until(e.until))
}

// Error returns "System unhealthy; retry in 12s (redis unhealthy: connection refused)".
func (e *DependencyUnhealthyError) Error() string {
	return fmt.Sprintf("System unhealthy; retry in %s (%s)", seconds(e.RetryAfter()), e.brief())
}

// brief says what is wrong without what to do.
func (e *DependencyUnhealthyError) brief() string {
	switch {
	case e.Isolated != "":
		return e.Dependency + " isolated: " + e.Isolated
	case e.Cause != nil:
		return fmt.Sprintf("%s %s: %s", e.Dependency, e.State, oneLine(e.Cause))
	default:
		return fmt.Sprintf("%s %s", e.Dependency, e.State)
	}
}

// Is makes [errors.Is] find [ErrUnhealthy], and [ErrClosed] if that is the cause.
func (e *DependencyUnhealthyError) Is(target error) bool {
	return target == ErrUnhealthy || target == ErrClosed && e.Cause == ErrClosed
}

// MarshalJSON returns the problem details of RFC 9457; see [ProblemOf].
func (e *DependencyUnhealthyError) MarshalJSON() ([]byte, error) { return json.Marshal(e.problem()) }

// DestructiveDeniedError is the gate's answer to a destructive call. Nothing was destroyed, and nothing was tried.
type DestructiveDeniedError struct {
	Operation  string
	Reason     Reason
	Dependency string // the one at fault; empty for reasons without one
	Key        string // the suspect key of ReasonKey
	Cause      error  // the failure behind it; may be nil

	until time.Time
}

// RetryAfter is the time until asking again makes sense, in whole seconds, rounded up, at least 1 s. For a scope it means
// that scope: a new unit of work need not wait for it.
func (e *DestructiveDeniedError) RetryAfter() time.Duration { return wholeSeconds(time.Until(e.until)) }

// Error returns "System unhealthy; retry in 12s (DeleteTopic denied: redis unhealthy: connection refused)".
func (e *DestructiveDeniedError) Error() string {
	return fmt.Sprintf("System unhealthy; retry in %s (%s denied: %s)", seconds(e.RetryAfter()), e.Operation, e.brief())
}

func (e *DestructiveDeniedError) brief() string {
	text := e.Reason.explain(e.Dependency, e.Key)
	if e.Cause != nil {
		text += ": " + oneLine(e.Cause)
	}
	return text
}

// Is makes [errors.Is] find [ErrDestructiveDenied].
func (e *DestructiveDeniedError) Is(target error) bool { return target == ErrDestructiveDenied }

// Unwrap returns a [*DependencyUnhealthyError] if the state of a dependency, or its missing proof, is the reason, and
// [ErrClosed] if that is.
func (e *DestructiveDeniedError) Unwrap() error {
	switch e.Reason {
	case ReasonIsolated:
		return &DependencyUnhealthyError{Dependency: e.Dependency, State: Unhealthy, Isolated: oneLine(e.Cause), until: e.until}
	case ReasonUnhealthy:
		return &DependencyUnhealthyError{Dependency: e.Dependency, State: Unhealthy, Cause: e.Cause, until: e.until}
	case ReasonUnproven:
		return &DependencyUnhealthyError{Dependency: e.Dependency, State: Unknown, Cause: e.Cause, until: e.until}
	case ReasonRegistryClosed:
		return ErrClosed
	default:
		return nil
	}
}

// MarshalJSON returns the problem details of RFC 9457; see [ProblemOf].
func (e *DestructiveDeniedError) MarshalJSON() ([]byte, error) { return json.Marshal(e.problem()) }

// wholeSeconds rounds up to whole seconds, at least one.
func wholeSeconds(d time.Duration) time.Duration {
	whole := d.Truncate(time.Second)
	if whole < d && whole <= math.MaxInt64-time.Second {
		whole += time.Second
	}
	return max(time.Second, whole)
}

// seconds prints whole seconds for people: "12s", "2m", "1m30s".
func seconds(d time.Duration) string { return shortDuration(d) }

// oneLine prints an error within a line of log or of text; of an error of ours only what is wrong, not what to do.
func oneLine(err error) string {
	text := errorText(err)
	if inner, ok := errors.AsType[interface {
		error
		brief() string
	}](err); ok {
		text = strings.ReplaceAll(text, inner.Error(), inner.brief())
	}
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return text // as most are
	}
	return strings.Join(strings.Fields(text), " ")
}
