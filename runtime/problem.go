package guard

import (
	"errors"
	"math"
	"math/rand/v2"
	"time"
)

// Problem is a refusal in the form of RFC 9457, problem details for HTTP APIs. It marshals to
// application/problem+json; an HTTP handler sends it with its Status and a Retry-After header of RetryAfter:
//
//	if problem, ok := guard.ProblemOf(err); ok {
//		w.Header().Set("Content-Type", "application/problem+json")
//		w.Header().Set("Retry-After", strconv.Itoa(problem.RetryAfter))
//		w.WriteHeader(problem.Status)
//		json.NewEncoder(w).Encode(problem)
//		return
//	}
type Problem struct {
	Type       string          `json:"type"`
	Title      string          `json:"title"`
	Status     int             `json:"status"` // 429 for a spent budget, else 503
	Detail     string          `json:"detail"`
	RetryAfter int             `json:"retry_after"` // seconds, with up to 20 % added at random, so that clients do not come back as one
	Operation  string          `json:"operation,omitempty"`
	Reason     Reason          `json:"reason,omitempty"`
	Dependency string          `json:"dependency,omitempty"`
	Key        string          `json:"key,omitempty"`
	State      DependencyState `json:"state,omitzero"` // unless unknown, or not the reason
	Cause      string          `json:"cause,omitempty"`
}

const (
	problemUnhealthy = "tag:github.com,2026:guardgen/guardgen:dependency-unhealthy"
	problemDenied    = "tag:github.com,2026:guardgen/guardgen:destructive-denied"
)

// ProblemOf returns the problem details of a guard's error, and false for every other error.
func ProblemOf(err error) (Problem, bool) {
	if denied, ok := errors.AsType[*DestructiveDeniedError](err); ok {
		return denied.problem(), true
	}
	if unhealthy, ok := errors.AsType[*DependencyUnhealthyError](err); ok {
		return unhealthy.problem(), true
	}
	return Problem{}, false
}

// Err turns problem details that crossed a socket back into the error that they were made of, so that [errors.Is],
// [errors.As] and RetryAfter work on the other side too. It returns nil if p is not of this package's types.
func (p Problem) Err() error {
	const longest = 1 << 31 // some 68 years, which an int of 32 bits and a duration hold
	until := time.Now().Add(time.Duration(max(0, min(p.RetryAfter, longest-1))) * time.Second)
	var cause error
	if p.Cause != "" {
		cause = errors.New(p.Cause)
	}
	switch p.Type {
	case problemDenied:
		return &DestructiveDeniedError{
			Operation: p.Operation, Reason: p.Reason, Dependency: p.Dependency, Key: p.Key, Cause: cause, until: until,
		}
	case problemUnhealthy:
		e := &DependencyUnhealthyError{Dependency: p.Dependency, State: p.State, Cause: cause, until: until}
		if p.Reason == ReasonIsolated {
			e.Isolated, e.Cause = p.Cause, nil
		}
		return e
	}
	return nil
}

func (e *DependencyUnhealthyError) problem() Problem {
	p := Problem{
		Type: problemUnhealthy, Title: "System unhealthy", Status: 503, Detail: e.Error(), RetryAfter: jitteredSeconds(e.RetryAfter()),
		Dependency: e.Dependency, State: e.State, Cause: errorText(e.Cause),
	}
	if e.Isolated != "" {
		p.Reason, p.Cause = ReasonIsolated, e.Isolated
	}
	return p
}

func (e *DestructiveDeniedError) problem() Problem {
	p := Problem{
		Type: problemDenied, Title: "Destructive call denied", Status: 503, Detail: e.Error(), RetryAfter: jitteredSeconds(e.RetryAfter()),
		Operation: e.Operation, Reason: e.Reason, Dependency: e.Dependency, Key: e.Key, Cause: errorText(e.Cause),
	}
	if e.Reason == ReasonBudget {
		p.Status = 429
	}
	if unhealthy, ok := errors.AsType[*DependencyUnhealthyError](e.Unwrap()); ok {
		p.State = unhealthy.State
	}
	return p
}

// jitteredSeconds adds up to a fifth.
func jitteredSeconds(d time.Duration) int {
	return int(min(math.MaxInt32, math.Ceil(d.Seconds()*(1+rand.Float64()/5))))
}
