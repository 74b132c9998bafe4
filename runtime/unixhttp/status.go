package unixhttp

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	bodyLimit = 64 << 10 // bytes that are read of an answer that is an error
	textLimit = 1 << 10  // bytes that are kept of it
)

// StatusError is an answer of the server with a status of 400 or more.
type StatusError struct {
	Code   int    // the HTTP status
	Method string // of the request
	Path   string // of the request's URL, without its query
	Text   string // what the server said, in one line, at most 1 KiB
	// Refusal is the error of the guard in the server, or in one behind it: a [*guard.DependencyUnhealthyError] or a
	// [*guard.DestructiveDeniedError]. Nil if the answer is none.
	Refusal error

	until time.Time
}

// Error returns "PUT /sessions/42/seen answered 404: no such session"; for a refusal, the guard's own words.
func (e *StatusError) Error() string {
	if e.Refusal != nil {
		return e.Refusal.Error()
	}
	text := fmt.Sprintf("%s %s answered %d", e.Method, e.Path, e.Code)
	if e.Method == "" { // made by hand
		text = fmt.Sprintf("the server answered %d", e.Code)
	}
	if e.Text != "" {
		text += ": " + e.Text
	}
	return text
}

// Is makes a StatusError with nothing but a Code match every error with that code, so that a client can declare
//
//	var ErrNotFound = &unixhttp.StatusError{Code: http.StatusNotFound}
func (e *StatusError) Is(target error) bool {
	other, ok := target.(*StatusError)
	return ok && *other == StatusError{Code: e.Code}
}

// Unwrap returns the refusal.
func (e *StatusError) Unwrap() error { return e.Refusal }

// RetryAfter is the time until asking again makes sense, as far as the server has said so; else 0. Never more than a day.
func (e *StatusError) RetryAfter() time.Duration {
	if refused, ok := e.Refusal.(interface{ RetryAfter() time.Duration }); ok {
		return refused.RetryAfter()
	}
	if e.until.IsZero() {
		return 0
	}
	return max(0, time.Until(e.until))
}

// Check returns nil for an answer with a status below 400, and else a [*StatusError] with what the server said, cut and
// cleaned of control characters. Then it has read up to 64 KiB of the body, and closed it.
func Check(response *http.Response) error {
	if response.StatusCode < http.StatusBadRequest {
		return nil
	}
	defer response.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(response.Body, bodyLimit)) // what is missing is words: the code says enough
	status := newStatusError(response)
	if status.Refusal = refusal(response.Header, said); status.Refusal == nil {
		status.Text = clean(string(said), textLimit)
	}
	return status
}

// newStatusError is what can be said without the body.
func newStatusError(response *http.Response) *StatusError {
	e := &StatusError{Code: response.StatusCode}
	if r := response.Request; r != nil {
		e.Method = r.Method
		if r.Method == "" {
			e.Method = http.MethodGet
		}
		if r.URL != nil {
			e.Path = clean(r.URL.EscapedPath(), textLimit)
		}
	}
	now := time.Now()
	if wait := retryAfter(response.Header, now); wait > 0 {
		e.until = now.Add(wait)
	}
	return e
}

// clean makes one line of a text that somebody else wrote, of at most so many bytes, without control characters.
func clean(text string, limit int) string {
	if len(text) > 4*limit { // what is not looked at costs nothing
		text = text[:4*limit]
	}
	text = strings.Map(func(r rune) rune {
		if r == '\u2028' || r == '\u2029' || r < ' ' || 0x7f <= r && r < 0xa0 || hidden(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit-len("…")], "") + "…"
	}
	return text
}
