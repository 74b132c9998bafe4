package guard

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// longestRetry is what nobody is told to wait longer than: some 68 years.
const longestRetry = 1 << 31 * time.Second

// FuzzProblem reads problem details that somebody else sent, makes errors of them, and problem details of these.
func FuzzProblem(f *testing.F) {
	for _, err := range []error{
		unhealthy(errDown, 10*time.Second), denial(ReasonIsolated, errDown, time.Minute), denial(ReasonBudget, nil, time.Hour),
		denial(ReasonRegistryClosed, ErrClosed, time.Second),
	} {
		body, _ := json.Marshal(err)
		f.Add(body)
	}
	f.Add([]byte(`{"type":"` + problemUnhealthy + `","retry_after":-10000000000,"state":"healthy","reason":"isolated"}`))
	f.Add([]byte(`{"type":"` + problemDenied + `","retry_after":9223372036854775807,"cause":"a\nb"}`))
	f.Add([]byte(`{"type":"about:blank"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var received Problem
		if json.Unmarshal(body, &received) != nil {
			return
		}
		first, ok := checkProblem(t, received)
		if !ok {
			return
		}
		second, ok := checkProblem(t, first)
		if !ok {
			t.Fatalf("%+v is no problem of ours any more", first)
		}
		first.RetryAfter, second.RetryAfter = 0, 0 // jitter
		first.Detail, second.Detail = "", ""
		if first != second {
			t.Fatalf("it became\n%+v, and then\n%+v", first, second)
		}
	})
}

// checkProblem makes an error of p, and returns the problem details of that, and whether p was one of ours.
func checkProblem(t *testing.T, p Problem) (Problem, bool) {
	t.Helper()
	err := p.Err()
	if err == nil {
		if p.Type == problemDenied || p.Type == problemUnhealthy {
			t.Fatalf("no error from %+v", p)
		}
		return Problem{}, false
	}
	wait := retryAfter(t, err)
	if asked := time.Duration(p.RetryAfter) * time.Second; p.RetryAfter > 0 && int64(p.RetryAfter) < 1<<31 && wait < asked-2*time.Second {
		t.Fatalf("retry after %s, the problem said %s", wait, asked)
	}
	if p.RetryAfter <= 0 && wait != time.Second {
		t.Fatalf("retry after %s, the problem said %d s", wait, p.RetryAfter)
	}
	if errors.Is(err, ErrDestructiveDenied) != (p.Type == problemDenied) {
		t.Fatalf("%T from %s", err, p.Type)
	}
	back, ok := ProblemOf(err)
	if !ok || back.Type != p.Type || back.RetryAfter < 1 {
		t.Fatalf("%+v from %+v", back, p)
	}
	return back, true
}

// retryAfter checks the text of an error of ours, and returns how long it tells to wait.
func retryAfter(t *testing.T, err error) time.Duration {
	t.Helper()
	text := err.Error()
	if !strings.HasPrefix(text, "System unhealthy; retry in ") || strings.HasSuffix(text, " ") {
		t.Fatalf("it says %q", text)
	}
	wait := err.(interface{ RetryAfter() time.Duration }).RetryAfter()
	if wait < time.Second || wait > longestRetry || wait%time.Second != 0 {
		t.Fatalf("retry after %s", wait)
	}
	return wait
}

// FuzzRefusal makes errors of every form, and reads back what they are sent as.
func FuzzRefusal(f *testing.F) {
	f.Add("redis", "connection refused", "Drop", "session:1", uint8(0), int64(10))
	f.Add("redis", "two\nlines", "", "", uint8(200), int64(-1))
	f.Add("", "", "Drop\n", "session:?", uint8(5), int64(1<<62))
	f.Fuzz(func(t *testing.T, dependency, cause, operation, key string, kind uint8, nanoseconds int64) {
		for _, s := range []string{dependency, cause, operation, key} {
			if !utf8.ValidString(s) {
				return // JSON has no form for it
			}
		}
		until := time.Now().Add(max(time.Duration(nanoseconds), -time.Hour))
		var causedBy error
		if cause != "" {
			causedBy = errors.New(cause)
		}
		reasons := []Reason{
			ReasonRegistryClosed, ReasonOverride, ReasonAudit, ReasonNoDependency, ReasonUnknownDependency, ReasonIsolated, ReasonUnhealthy,
			ReasonScope, ReasonKey, ReasonQuiet, ReasonStalled, ReasonRecovering, ReasonStart, ReasonHold, ReasonBudget, ReasonUnproven,
		}
		var refusal error = &DestructiveDeniedError{
			Operation: operation, Reason: reasons[int(kind)%len(reasons)], Dependency: dependency, Key: key, Cause: causedBy, until: until,
		}
		switch {
		case kind >= 192 && cause != "":
			refusal = &DependencyUnhealthyError{Dependency: dependency, State: Unhealthy, Isolated: cause, until: until}
		case kind >= 128:
			refusal = &DependencyUnhealthyError{Dependency: dependency, State: DependencyState(kind % 4), Cause: causedBy, until: until}
		}
		body, err := json.Marshal(refusal)
		if err != nil {
			t.Fatal(err)
		}
		var sent Problem
		if err := json.Unmarshal(body, &sent); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		back := sent.Err()
		if wait := sent.RetryAfter; wait < 1 || wait > 1<<31-1 {
			t.Fatalf("it is sent with a retry after %d s", wait)
		}
		for _, sentinel := range []error{ErrUnhealthy, ErrDestructiveDenied} {
			if errors.Is(back, sentinel) != errors.Is(refusal, sentinel) {
				t.Fatalf("errors.Is(%v) is lost or made up: %v", sentinel, back)
			}
		}
		if got, want := cutRetry(back), cutRetry(refusal); got != want {
			t.Fatalf("it says %q, and said %q", got, want)
		}
	})
}
