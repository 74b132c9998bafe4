package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	guard "github.com/guardgen/guardgen/runtime"
)

// daemon answers every request like a daemon whose guard refuses, and returns the flag with which to reach it.
func daemon(t *testing.T) []string {
	registry := guard.NewHealthRegistry()
	t.Cleanup(registry.Close)
	denial := registry.AllowDestructive(t.Context(), "EndSession") // nothing is registered, so nothing is proven
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		problem, _ := guard.ProblemOf(denial)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(problem.Status)
		json.NewEncoder(w).Encode(problem)
	}))
	t.Cleanup(server.Close)
	return []string{"-listen", strings.TrimPrefix(server.URL, "http://")}
}

func TestOperatorIsToldToRetryAndTheStatusSaysSo(t *testing.T) {
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), append(daemon(t), "end", "s00001"), &stdout, &stderr)
	if status != exitRetry || !strings.HasPrefix(stderr.String(), "System unhealthy; retry in ") {
		t.Errorf("status %d, stderr %q; want %d and when to retry", status, stderr.String(), exitRetry)
	}
}

func TestMistakesInTheCommandLineAreUsageErrors(t *testing.T) {
	for _, args := range [][]string{{"-raw", "-guarded"}, {"-nonsense"}, {"dance"}, {"close"}} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), args, &stdout, &stderr); status != exitUsage || stderr.Len() == 0 {
			t.Errorf("%q: status %d, stderr %q; want %d and a word", args, status, stderr.String(), exitUsage)
		}
	}
}

func TestDaemonRunsUntilItIsStopped(t *testing.T) {
	for _, mode := range []string{"-raw", "-guarded"} {
		ctx, stop := context.WithCancelCause(t.Context())
		var stdout bytes.Buffer
		stderr := &until{word: "sessiond serves", found: func() { stop(errors.New("seen")) }}
		dir, err := os.MkdirTemp("", "d") // t.TempDir may be too long for the path of a socket
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		args := []string{mode, "-serve-api", "-socket", dir + "/s", "-redis", "127.0.0.1:1", "-listen", "127.0.0.1:0"}
		if status := run(ctx, args, &stdout, stderr); status != 0 {
			t.Errorf("%s: status %d, stderr %q", mode, status, stderr.String())
		}
	}
}

// until is a buffer that tells when a word has been written to it.
type until struct {
	bytes.Buffer
	word  string
	found func()
}

func (u *until) Write(p []byte) (int, error) {
	n, err := u.Buffer.Write(p)
	if strings.Contains(u.String(), u.word) {
		u.found()
	}
	return n, err
}
