package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	guard "github.com/guardgen/guardgen/runtime"
)

// ErrNotFound is the server's word that a session does not exist.
var ErrNotFound = &StatusError{Code: http.StatusNotFound, Text: "no such session"}

// StatusError is an answer of the server that is not a success.
type StatusError struct {
	Code int    // HTTP status
	Text string // what the server said
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("session api answered %d: %s", e.Code, e.Text)
}

// Is makes every 404 an ErrNotFound.
func (e *StatusError) Is(target error) bool {
	other, ok := target.(*StatusError)
	return ok && other.Code == e.Code
}

// Classify tells the guard which errors are the server's own answers: a request refused for good reason proves that the
// server works, one that it could not serve does not.
func Classify(ctx context.Context, err error) guard.Outcome {
	if status, ok := errors.AsType[*StatusError](err); ok {
		if status.Code == http.StatusTooManyRequests || status.Code >= http.StatusInternalServerError {
			return guard.OutcomeFailure
		}
		return guard.OutcomeSuccess
	}
	return guard.Classify(ctx, err)
}
