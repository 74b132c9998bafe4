package unixhttp

import (
	"context"
	"net/http"
	"time"
)

// timeoutError says which of our own bounds was passed. Like those of net/http it matches [context.DeadlineExceeded].
type timeoutError string

func (e timeoutError) Error() string   { return string(e) }
func (e timeoutError) Timeout() bool   { return true }
func (e timeoutError) Temporary() bool { return true }

// Is makes [errors.Is] find [context.DeadlineExceeded].
func (e timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

const (
	errHeadersLate timeoutError = "unixhttp: no headers within Timeout"
	errBodyLate    timeoutError = "unixhttp: the body did not end within BodyTimeout"
	errBodySilent  timeoutError = "unixhttp: the body was silent for BodySilence"
)

// deadline bounds the time until the headers. It is not the deadline of a context, because what it cancels is the request
// with its body, which must live on when the headers have come. A nil one bounds nothing.
type deadline struct {
	cancel context.CancelFunc
	timer  *time.Timer
}

// startDeadline makes the request end after d, if that is positive, and its deadline is not stopped before.
func startDeadline(request **http.Request, d time.Duration) *deadline {
	if d <= 0 {
		return nil
	}
	ctx, cancel := context.WithCancel((*request).Context())
	*request = (*request).WithContext(ctx)
	return &deadline{cancel: cancel, timer: time.AfterFunc(d, cancel)}
}

// stop reports whether the deadline has passed, and makes it pass no more.
func (d *deadline) stop() (passed bool) { return d != nil && !d.timer.Stop() }

// end lets go of the request, whose body has been read or closed.
func (d *deadline) end() {
	if d != nil {
		d.cancel()
	}
}
