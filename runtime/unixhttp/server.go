package unixhttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Scope gives each request a scope of its own: when something in it has failed, nothing in it destroys.
func Scope(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(guard.NewScope(r.Context())))
	})
}

// Error is [http.Error] for what a handler got from guarded clients. A refusal of a guard, of this process or of one behind
// it, is answered with problem details (RFC 9457), 429 for a spent budget and else 503, and Retry-After. Any other error
// is answered with its text and the code.
func Error(w http.ResponseWriter, err error, code int) {
	problem, ok := guard.ProblemOf(err)
	if !ok {
		http.Error(w, err.Error(), code)
		return
	}
	if status, ok := errors.AsType[*StatusError](err); ok && status.Refusal != nil {
		problem.RetryAfter = int(status.RetryAfter() / time.Second) // it has its jitter already
	}
	document, err := json.Marshal(problem)
	if err != nil { // of a time to come; today it has no form that JSON does not know
		http.Error(w, problem.Detail, problem.Status)
		return
	}
	header := w.Header()
	for _, ofTheAnswerThatIsNot := range []string{"Content-Length", "Content-Encoding", "Etag", "Last-Modified"} {
		header.Del(ofTheAnswerThatIsNot)
	}
	header.Set("Content-Type", problemType)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Retry-After", strconv.Itoa(problem.RetryAfter))
	w.WriteHeader(problem.Status)
	w.Write(append(document, '\n')) // a client that has gone away is no concern of ours
}
