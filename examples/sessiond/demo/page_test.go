package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// The whole demo, as somebody lives through it who has the page open beside it.
func TestPageShowsTheOutageAndTheRecoveryForAsLongAsTheDemoIsHeld(t *testing.T) {
	t.Setenv("DEMO_STATUS", freeStatus)
	t.Setenv("DEMO_HOLD", "1")
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	keyboard, press := io.Pipe()
	defer press.Close()
	out := newTranscript()
	exited := make(chan int, 1)
	go func() { exited <- command(ctx, []string{"-short"}, keyboard, out, io.Discard) }()

	hint := out.await(t, `watch it: (http://\S+)/\n.*\n.* the token (\S+)\n`)
	p := viewer{url: hint[1], token: hint[2]}
	outage := func(r status.Report) bool {
		return r.Status == status.Fail && r.Checks["gate:destructive"][0].ObservedValue == "shut" &&
			strings.HasPrefix(r.Headlines[0].Text, "Destructive operations blocked: ") && strings.HasSuffix(r.Headlines[0].Text, " unhealthy")
	}
	wellAgain := func(r status.Report) bool {
		return r.Status == status.Pass && r.NotDone > 0 && strings.HasPrefix(r.Headlines[0].Text, "All is well")
	}
	p.await(t, "the outage", outage)
	out.await(t, `(?m)^(ok  |FAIL)  without the guard`)
	p.await(t, "that all is well", wellAgain)

	p.act(t, "isolate")
	p.await(t, "that redis is isolated", func(r status.Report) bool {
		return strings.Contains(r.Checks["redis:state"][0].Isolated, "operator")
	})
	p.act(t, "restore")
	p.await(t, "that all is well after the restoration", wellAgain)

	io.WriteString(press, "\n")
	p.await(t, "one more outage", outage)
	select {
	case code := <-exited:
		t.Fatalf("ended with status %d before it was interrupted", code)
	default:
	}
	interrupt()
	want := 0
	if strings.Contains(out.String(), "\nFAIL") { // a machine that stands still may be late for the dead; not what is tested here
		want = exitFailed
	}
	if code := <-exited; code != want {
		t.Errorf("exit status %d, want that of the verdict, %d\n%s", code, want, out)
	}
	if _, err := http.Get(hint[1] + "/livez"); err == nil {
		t.Error("the page outlives the demo")
	}
}

func TestPageMovesWhenItsPortIsTakenUnlessItWasAskedFor(t *testing.T) {
	registry := guard.NewHealthRegistry()
	defer registry.Close()
	if neighbour, err := net.Listen("tcp", defaultStatus); err == nil { // else it is taken by somebody else
		defer neighbour.Close()
	}
	p, err := openPage("", registry)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if at := p.address.String(); at == defaultStatus || !strings.HasPrefix(at, "127.0.0.1:") {
		t.Errorf("the page is at %s, want a free port of this machine", at)
	}
	if p, err := openPage(defaultStatus, registry); err == nil {
		p.close()
		t.Error("no error, although somebody else is where the page was asked for")
	}
}

// patience is how long a test waits for what comes of itself. The whole demo takes a third of it.
const patience = time.Minute

// viewer is somebody who has the page open, and a token to act there.
type viewer struct{ url, token string }

// await looks until the report is as wanted.
func (v viewer) await(t *testing.T, what string, wanted func(status.Report) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var r status.Report
	for wait(ctx, watchEvery) == nil {
		r = status.Report{}
		_, body := v.ask(t, "GET", "/status", "")
		if err := json.Unmarshal(body, &r); err != nil {
			t.Fatalf("GET /status: %v", err)
		}
		if wanted(r) {
			return
		}
	}
	t.Fatalf("the page never shows %s; last %+v", what, r)
}

// act does something about redis.
func (v viewer) act(t *testing.T, action string) {
	t.Helper()
	if code, body := v.ask(t, "POST", "/control/"+action, `{"dependency": "redis", "reason": "to try it"}`); code != http.StatusOK {
		t.Fatalf("%s: status %d, %s", action, code, body)
	}
}

// ask sends a request over a connection of its own.
func (v viewer) ask(t *testing.T, method, path, body string) (code int, said []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, v.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+v.token)
	request.Header.Set("Content-Type", "application/json")
	request.Close = true
	response, err := (&http.Client{Timeout: patience}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, said
}

// transcript is what has been printed so far. Safe for concurrent use.
type transcript struct {
	mu    sync.Mutex
	text  strings.Builder
	grown chan struct{} // closed when there is more
}

func newTranscript() *transcript { return &transcript{grown: make(chan struct{})} }

func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.grown)
	s.grown = make(chan struct{})
	return s.text.Write(p)
}

// String is what has been printed so far.
func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// await waits until a pattern is printed, and returns what it and its groups match.
func (s *transcript) await(t *testing.T, pattern string) []string {
	t.Helper()
	look, enough := regexp.MustCompile(pattern), time.After(patience)
	for {
		s.mu.Lock()
		found, grown := look.FindStringSubmatch(s.text.String()), s.grown
		s.mu.Unlock()
		if found != nil {
			return found
		}
		select {
		case <-grown:
		case <-enough:
			t.Fatalf("%q is never printed:\n%s", pattern, s)
		}
	}
}
