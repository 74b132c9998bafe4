//go:build integration

package acceptance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	guard "github.com/guardgen/guardgen/runtime"
)

// retryText is how every refusal begins.
var retryText = regexp.MustCompile(`^System unhealthy; retry in (\S+) \(.+\)$`)

// A window is the time until the next trial, as seen before and after a call.
type window struct{ most, least time.Duration }

// admits reports whether a whole number of seconds, rounded up, fits into the window.
func (w window) admits(d time.Duration) bool {
	return d >= time.Second && d%time.Second == 0 && d >= w.least && d < w.most+time.Second
}

func TestCriterion5ErrorsCarryRetryTiming(t *testing.T) {
	t.Parallel()
	for _, d := range dependencies {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, rig.Config{Guarded: true, Change: func(p *guard.Policy) {
				p.Backoff = guard.Backoff{Min: 20 * time.Minute, Max: time.Hour}
			}})
			about := s.open(t, "news")
			s.breakDown(t, d, about)

			scoped := guard.NewScope(t.Context())
			for what, call := range map[string]func() error{
				"regular":     func() error { return s.ask(t.Context(), d, about) },
				"heavy":       func() error { return s.askHeavy(t.Context(), d, about) },
				"destructive": func() error { return deleteTopic(scoped, s, about) },
				"by hand":     func() error { return s.Registry.AllowDestructive(t.Context(), "Erase") },
			} {
				errorTellsWhen(t, s, d, what, call)
			}
			for what, ask := range map[string][2]string{
				"regular":     {"POST", "/sessions/" + about.ID + "/heartbeat"},
				"destructive": {"DELETE", "/topics/news"},
				"session":     {"DELETE", "/sessions/" + about.ID},
			} {
				problemTellsWhen(t, s, d, what, ask[0], ask[1])
			}
			err := s.Command("kim").Run(t.Context(), new(bytes.Buffer), []string{"delete-topic", "news"})
			if !errors.Is(err, guard.ErrDestructiveDenied) || !retryText.MatchString(err.Error()) {
				t.Errorf("the operator's command says %q", err)
			}
		})
	}
}

// errorTellsWhen checks that the error of a call says, as text and as a duration, when the breaker will try again.
func errorTellsWhen(t *testing.T, s *stage, d dependency, what string, call func() error) {
	t.Helper()
	var (
		said, written time.Duration
		err           error
	)
	w := s.around(t, d, func() {
		err = call()
		var timed interface{ RetryAfter() time.Duration }
		if !errors.Is(err, guard.ErrUnhealthy) || !errors.As(err, &timed) {
			t.Fatalf("%s: error %v, want a refusal that says when to retry", what, err)
		}
		said = timed.RetryAfter()
		if words := retryText.FindStringSubmatch(err.Error()); words != nil {
			written, _ = time.ParseDuration(words[1])
		}
	})
	if !w.admits(said) || !w.admits(written) {
		t.Errorf("%s: retry after %s, text %q; want %s rounded up to seconds", what, said, err, w)
	}
}

// problemTellsWhen checks the same of an answer of the service over HTTP, which may add a fifth against herds.
func problemTellsWhen(t *testing.T, s *stage, d dependency, what, method, path string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.Users.URL+path, nil)
	must(t, err)
	var response *http.Response
	w := s.around(t, d, func() { response, err = http.DefaultClient.Do(request) })
	must(t, err)
	defer response.Body.Close()
	var problem guard.Problem
	must(t, json.NewDecoder(response.Body).Decode(&problem))

	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	after := time.Duration(seconds) * time.Second
	if err != nil || after < w.least || after > (w.most+time.Second)*6/5+time.Second || seconds != problem.RetryAfter {
		t.Errorf("%s: Retry-After %q, want %v and up to a fifth more", what, response.Header.Get("Retry-After"), w)
	}
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: status %d, header %v", what, response.StatusCode, response.Header)
	}
	if !retryText.MatchString(problem.Detail) || problem.Dependency != string(d) || !errors.Is(problem.Err(), guard.ErrUnhealthy) {
		t.Errorf("%s: problem %+v", what, problem)
	}
}

// around returns the window in which something happens.
func (s *stage) around(t testing.TB, d dependency, something func()) window {
	t.Helper()
	left := func() time.Duration {
		health, _ := s.Registry.Health(string(d))
		if health.OpenUntil.IsZero() {
			t.Fatalf("the breaker of %s is %s", d, health.Breaker)
		}
		return time.Until(health.OpenUntil)
	}
	w := window{most: left()}
	something()
	w.least = left()
	return w
}

// String returns the bounds.
func (w window) String() string { return fmt.Sprintf("%s to %s", w.least, w.most) }
