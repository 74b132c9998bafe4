package adapter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	"github.com/guardgen/guardgen/examples/sessiond/rig"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

func TestMain(m *testing.M) {
	redistest.Mute()
	goleak.VerifyTestMain(m)
}

// words are what people read, whatever was refused.
var words = regexp.MustCompile(`^System unhealthy; retry in (\S+) \(.+\)$`)

// A refusal is a request that the guard refuses while a dependency is down. In its words {id} is the session.
type refusal struct {
	name, down   string
	kind, not    error  // what its error matches, and what it does not
	method, path string // of a user's request
	command      string // of the operator; "" if there is none
}

var refusals = []refusal{
	{"regular call of the API refused", "api", guard.ErrUnhealthy, guard.ErrDestructiveDenied,
		"DELETE", "/sessions/{id}", "close {id}"}, // it asks for the session first
	{"regular call of Redis refused", "redis", guard.ErrUnhealthy, guard.ErrDestructiveDenied,
		"POST", "/sessions/{id}/heartbeat", ""},
	{"heavy read refused", "redis", guard.ErrUnhealthy, guard.ErrDestructiveDenied,
		"GET", "/topics/news/messages", ""},
	{"destructive call denied", "redis", guard.ErrDestructiveDenied, nil,
		"DELETE", "/topics/news", "delete-topic news"},
	{"destructive call denied for another dependency", "api", guard.ErrDestructiveDenied, nil,
		"DELETE", "/topics/news", "delete-topic news"},
}

func TestUsersAndOperatorsAreToldWhenToComeAgain(t *testing.T) {
	for _, row := range refusals {
		t.Run(row.name, func(t *testing.T) {
			r := rig.New(t, rig.Config{Redis: os.Getenv("REDIS_ADDR"), Guarded: true, Beneath: true, Change: func(p *guard.Policy) {
				p.Backoff = guard.Backoff{Min: time.Hour, Max: time.Hour} // nothing heals while the test looks
			}})
			opened, err := r.Open(t.Context(), "ann", "news")
			must(t, err)
			must(t, r.Registry.SetState(row.down, guard.Unhealthy, "reported by a neighbour"))
			row.toldOverHTTP(t, r, strings.ReplaceAll(row.path, "{id}", opened.ID))
			if row.command != "" {
				row.toldByCommand(t, r, strings.Fields(strings.ReplaceAll(row.command, "{id}", opened.ID)))
			}
			if !r.Listed(opened.ID) || !r.Exists(t, "topic:news") {
				t.Error("the session, or its topic, is gone")
			}
		})
	}
}

// toldOverHTTP checks status, header and document of the answer to a user.
func (row refusal) toldOverHTTP(t *testing.T, r *rig.Rig, path string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), row.method, r.Users.URL+path, nil)
	must(t, err)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	var problem guard.Problem
	must(t, json.NewDecoder(response.Body).Decode(&problem))
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("HTTP: status %d, header %v; want %d with problem details", response.StatusCode, response.Header, http.StatusServiceUnavailable)
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err != nil || seconds < 1 || seconds != problem.RetryAfter {
		t.Errorf("HTTP: Retry-After %q, problem says %d; want the same seconds, at least one", response.Header.Get("Retry-After"), problem.RetryAfter)
	}
	row.check(t, "HTTP", problem.Detail, problem.Err())
}

// toldByCommand checks the error that the operator's command ends with.
func (row refusal) toldByCommand(t *testing.T, r *rig.Rig, args []string) {
	t.Helper()
	err := r.Command("kim").Run(t.Context(), new(bytes.Buffer), args)
	answer, ok := errors.AsType[*unixhttp.StatusError](err)
	if !ok || answer.Code != http.StatusServiceUnavailable || answer.RetryAfter() < time.Second {
		t.Fatalf("command: error %#v, want the daemon's answer with status %d and the time to come again", err, http.StatusServiceUnavailable)
	}
	row.check(t, "command", err.Error(), err)
}

// check checks what somebody is told.
func (row refusal) check(t *testing.T, adapter, text string, err error) {
	t.Helper()
	match := words.FindStringSubmatch(text)
	if match == nil {
		t.Errorf("%s: %q, want %v", adapter, text, words)
	} else if wait, err := time.ParseDuration(match[1]); err != nil || wait < time.Second {
		t.Errorf("%s: %q, want a time of at least a second", adapter, text)
	}
	if !errors.Is(err, row.kind) || row.not != nil && errors.Is(err, row.not) {
		t.Errorf("%s: error %v, want a %v and not a %v", adapter, err, row.kind, row.not)
	}
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
