package unixhttp

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	guard "github.com/guardgen/guardgen/runtime"
)

// Classify judges the errors of a client of an HTTP API: in guard.Policy, and called by the function that the option
// classify= of an interface names.
//
//   - A [*StatusError] below 500, but for 429, is the server's own answer: a success. 429 and from 500 on it is a failure.
//   - A refusal by the server's guard is ignored: the server works. So is a caller who cancelled, an [ErrStale], a
//     transport that we closed ourselves, and a URL that cannot be parsed.
//   - Everything else is a failure, deadlines included, and also an answer that is not what was asked for, such as HTML for
//     JSON: somebody else has answered.
//
// What is ignored opens no breaker, but it marks the scope and the keys of the call, whose outcome nobody knows.
func Classify(ctx context.Context, err error) guard.Outcome {
	if err == nil {
		return guard.OutcomeSuccess
	}
	if status, ok := errors.AsType[*StatusError](err); ok && status.Refusal == nil {
		if status.Code == http.StatusTooManyRequests || status.Code >= http.StatusInternalServerError {
			return guard.OutcomeFailure
		}
		return guard.OutcomeSuccess
	}
	if wrong, ok := errors.AsType[*url.Error](err); ok && wrong.Op == "parse" {
		return guard.OutcomeIgnored
	}
	if errors.Is(err, ErrStale) || errors.Is(err, ErrClosed) {
		return guard.OutcomeIgnored
	}
	return guard.Classify(ctx, err)
}
