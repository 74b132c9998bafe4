package unixhttp

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"syscall"
)

// ErrStale matches, with [errors.Is], the error of a request that was sent over a kept connection which its server was just
// closing, without a byte of answer: what a server that restarts, or tidies up, does to requests that come in that moment.
// Requests without side effects net/http repeats by itself. The others nobody repeats: whether the server did what it was
// asked to do is not known. It says nothing about the health of the server that is there now; see [Classify].
var ErrStale = errors.New("unixhttp: a kept connection was closed as the request was sent; whether the server has seen it is unknown")

// staleError is the error of such a request.
type staleError struct{ cause error }

func (e *staleError) Error() string        { return ErrStale.Error() + ": " + e.cause.Error() }
func (e *staleError) Is(target error) bool { return target == ErrStale }
func (e *staleError) Unwrap() error        { return e.cause }

// kept watches which kind of connection a request goes over. A nil one has seen nothing.
type kept struct{ reused, answered atomic.Bool }

// watchKept watches a request that net/http does not repeat.
func watchKept(request **http.Request) *kept {
	switch r := *request; r.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return nil
	default:
		k := new(kept)
		*request = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
			GotConn:              func(info httptrace.GotConnInfo) { k.reused.Store(info.Reused) },
			GotFirstResponseByte: func() { k.answered.Store(true) },
		}))
		return k
	}
}

// closedIdle ends the error of net/http for the same, where it has noticed before it has read anything. It has no name.
const closedIdle = "http: server closed idle connection"

// judge tells a stale connection from a lost answer.
func (k *kept) judge(err error) error {
	if k == nil || !k.reused.Load() || k.answered.Load() {
		return err
	}
	for _, lost := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, lost) {
			return &staleError{err}
		}
	}
	if strings.HasSuffix(err.Error(), closedIdle) {
		return &staleError{err}
	}
	return err
}
