package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v3"
)

// ran is what a run of guardctl did.
type ran struct {
	code           int
	stdout, stderr string
}

// guardctl runs it in this process, with an environment of its own.
func guardctl(ctx context.Context, env map[string]string, args ...string) ran {
	var stdout, stderr bytes.Buffer
	code := run(ctx, args, strings.NewReader(""), &stdout, &stderr, func(name string) string { return env[name] })
	return ran{code, stdout.String(), stderr.String()}
}

// answering serves a handler until the test ends.
func answering(t *testing.T, handler http.HandlerFunc) (address string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestADocumentIsPassedAsItIs(t *testing.T) {
	const document = "{ \"b\":1,\n\t\"state\" : \"degraded\",\"text\":\"\\u001b[31m\u202e<&>\",\"headlines\":[{}], \"checks\":{\"a\":[]} }"
	address := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/health+json")
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, document)
	})
	got := guardctl(t.Context(), nil, "status", "-json", "-address", address)
	if got.stdout != document+"\n" || got.code != exitDegraded {
		t.Errorf("it printed %q, and returned %d: %s", got.stdout, got.code, got.stderr)
	}
}

func TestATerminalGetsADocumentThatItDoesNotObey(t *testing.T) {
	var shown bytes.Buffer
	s := &session{stdout: &output{Writer: &shown}, screen: screen{terminal: true}}
	s.pass([]byte("{\"text\": \"\u009b2J\\u001b\"}\n"))
	if want := `{"text": "\u009b2J\u001b"}` + "\n"; shown.String() != want {
		t.Errorf("it is shown %q; want %q", shown.String(), want)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	sent := 0
	address := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/health+json")
		block := bytes.Repeat([]byte(" "), 1<<20)
		for ; ; sent++ {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	got := guardctl(t.Context(), nil, "status", "-request-timeout", "1m", "-address", address)
	if got.code != exitUnknown || !strings.Contains(got.stderr, "longer than 16 MiB") {
		t.Errorf("it returned %d: %s", got.code, got.stderr)
	}
}

// TestTheTokenIsForOneService redirects: to whom, the token is not to be told.
func TestTheTokenIsForOneService(t *testing.T) {
	const token = "0123456789abcdef"
	thief := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("somebody else was asked, with %q", r.Header.Get("Authorization"))
	})
	var told []string
	address := answering(t, func(w http.ResponseWriter, r *http.Request) {
		told = append(told, r.Method+" "+r.Header.Get("Authorization"))
		http.Redirect(w, r, thief+r.URL.Path, http.StatusTemporaryRedirect)
	})
	env := map[string]string{"GUARDCTL_TOKEN": " " + token + "\n"}
	for _, args := range [][]string{{"status"}, {"isolate", "redis", "-reason", "x"}, {"events", "-f"}} {
		got := guardctl(t.Context(), env, append(args, "-address", address)...)
		if got.code != exitUnknown || !strings.Contains(got.stderr, "redirects to") || strings.Contains(got.stderr+got.stdout, token) {
			t.Errorf("%s returned %d: %s", args, got.code, got.stderr)
		}
	}
	if len(told) != 3 || told[1] != "POST Bearer "+token {
		t.Errorf("it was told %q", told)
	}
}

func TestTokenFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	for text, want := range map[string]string{
		"0123456789abcdef\n":         "Bearer 0123456789abcdef",
		"":                           "there is no token in it",
		" \n":                        "there is no token in it",
		"two words":                  "characters that no token has",
		"a\r\nX-Header: b":           "characters that no token has",
		"sünde":                      "characters that no token has",
		strings.Repeat("x", 4097):    "too long",
		strings.Repeat("x", 100_000): "too long",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		told := ""
		address := answering(t, func(w http.ResponseWriter, r *http.Request) { told = r.Header.Get("Authorization") })
		got := guardctl(t.Context(), map[string]string{"GUARDCTL_TOKEN": "another"}, "mode", "-token-file", file, "-address", address)
		if told != want && !strings.Contains(got.stderr, want) {
			t.Errorf("the token file %.20q: told %q; %s", text, told, got.stderr)
		}
		if text != "" && strings.Contains(got.stderr, strings.TrimSpace(text)+"x") {
			t.Errorf("the token is printed: %s", got.stderr)
		}
	}
}

func TestAnInterruptIsNoAnswer(t *testing.T) {
	asked := make(chan struct{}, 10)
	address := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		asked <- struct{}{}
		<-r.Context().Done()
	})
	for _, args := range [][]string{{"status"}, {"events"}, {"wait"}, {"probe", "redis"}, {"events", "-f"}, {"watch"}} {
		ctx, interrupt := context.WithCancel(t.Context())
		done := make(chan ran, 1)
		go func() { done <- guardctl(ctx, nil, append(args, "-address", address)...) }()
		<-asked
		interrupt()
		if got := <-done; got.code != exitInterrupted || got.stdout+got.stderr != "" {
			t.Errorf("%s, interrupted, returned %d and printed %q", args, got.code, got.stdout+got.stderr)
		}
	}
}

func TestAProbeIsWaitedForLonger(t *testing.T) {
	for line, want := range map[string]time.Duration{
		"status": askPatience, "isolate redis -reason x": askPatience, "probe redis": probePatience,
		"status -request-timeout 1s": time.Second, "probe redis -request-timeout 1s": time.Second, "-request-timeout 1s probe redis": time.Second,
	} {
		s := &session{stdout: &output{Writer: io.Discard}, env: func(string) string { return "/run/guard.sock" }}
		root := s.commands()
		for _, cmd := range root.Commands {
			cmd.Action = func(_ context.Context, cmd *cli.Command) error {
				c, err := s.client(cmd)
				if err == nil && c.patience != want {
					t.Errorf("%s is patient for %s; want %s", line, c.patience, want)
				}
				return err
			}
		}
		if err := root.Run(t.Context(), append([]string{"guardctl"}, strings.Fields(line)...)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestNewsIsClean(t *testing.T) {
	const text = `"\u001b[31mx\u001b[0m\u0007\u009b"`
	n, err := newsOf(message{kind: "message", data: []byte(`{"id":` + text + `,"text":` + text + `,"level":` + text + `}`)})
	if err != nil || n.text() != "x" || n.entry.Level != "x" {
		t.Errorf("news %+v, %v", n.entry, err)
	}
	lost := news{lost: io.EOF}
	if r, found := firstUnprintable(lost.text()); found {
		t.Errorf("%q", r)
	}
}
