package guard

import (
	"context"
	"errors"
)

// Outcome is what one call says about its dependency.
type Outcome uint8

const (
	// OutcomeSuccess: the dependency answered. Its own answers, such as "not found", are successes.
	OutcomeSuccess Outcome = iota
	// OutcomeFailure counts for the breaker and marks the scope and the keys of the call.
	OutcomeFailure
	// OutcomeIgnored says nothing about the dependency: the caller cancelled, or an inner guard refused.
	OutcomeIgnored
	// OutcomeDegraded: the dependency is there but will not do this (a write refused, our own pool full). No failure for
	// the breaker, but no proof for the gate either, and the scope and the keys of the call are marked.
	OutcomeDegraded
)

// Classify is the default classifier. Nil is a success; an error is ignored if the caller cancelled ctx or an inner
// guard refused the call; every other error, a passed deadline included, is a failure.
//
// It asks ctx.Err() and not errors.Is(err, context.Canceled), because clients report a cancelled read as an i/o
// timeout, and their own dial timeout as context.DeadlineExceeded.
//
// A client whose errors are often answers ("not found") has its own classifier, which calls this one for the rest;
// see the option classify= and [Policy]. It is asked on the failure path only, concurrently; a classifier that panics
// counts as [OutcomeFailure].
func Classify(ctx context.Context, err error) Outcome {
	switch {
	case err == nil:
		return OutcomeSuccess
	case ctx.Err() == context.Canceled:
		return OutcomeIgnored
	case errors.Is(err, ErrUnhealthy), errors.Is(err, ErrDestructiveDenied):
		return OutcomeIgnored
	default:
		return OutcomeFailure
	}
}

// Classify asks the dependency's classifier about a call that returned err: for guards of transports, which judge several
// answers at once (see [Attempt.SettleAs]).
func (d *Dependency) Classify(ctx context.Context, err error) Outcome { return d.classify(ctx, err) }

// classify is Classify.
func (d *Dependency) classify(ctx context.Context, err error) (outcome Outcome) {
	if err == nil {
		return OutcomeSuccess
	}
	defer func() {
		if recover() != nil {
			outcome = OutcomeFailure
		}
	}()
	outcome = d.policy.Classify(ctx, err)
	if outcome > OutcomeDegraded {
		return OutcomeFailure
	}
	return outcome
}
