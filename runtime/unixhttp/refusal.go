package unixhttp

import (
	"encoding/json"
	"mime"
	"net/http"
	"time"
	"unicode"

	guard "github.com/guardgen/guardgen/runtime"
)

const (
	problemType = "application/problem+json" // RFC 9457
	nameLimit   = 256                        // bytes of each name in a problem
)

// isProblem reports whether the answer says that it is problem details.
func isProblem(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && kind == problemType
}

// refusal reads the guard's error out of an answer; nil if it is none. Whoever wrote it, the error is small, printable, and
// asks nobody to wait for more than a day.
func refusal(header http.Header, said []byte) error {
	if !isProblem(header) {
		return nil
	}
	var p guard.Problem
	if json.Unmarshal(said, &p) != nil {
		return nil
	}
	p.Operation, p.Dependency, p.Key = clean(p.Operation, nameLimit), clean(p.Dependency, nameLimit), clean(p.Key, nameLimit)
	p.Reason, p.Cause = guard.Reason(clean(string(p.Reason), nameLimit)), clean(p.Cause, textLimit)
	p.RetryAfter = min(p.RetryAfter, int(longestRetry/time.Second))
	return p.Err()
}

// hidden reports whether a rune changes how others are shown: marks of direction, and the like.
func hidden(r rune) bool { return unicode.Is(unicode.Cf, r) }
