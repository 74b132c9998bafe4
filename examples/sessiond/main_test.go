package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

func TestMain(m *testing.M) {
	redistest.Mute()
	goleak.VerifyTestMain(m)
}

// daemon answers every request like a daemon whose guard refuses, and returns the flag with which to reach it.
func daemon(t *testing.T, refusal error) []string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		unixhttp.Error(w, refusal, http.StatusInternalServerError)
	}))
	t.Cleanup(server.Close)
	return []string{"-listen", strings.TrimPrefix(server.URL, "http://")}
}

func TestOperatorIsToldToRetryAndTheStatusSaysSo(t *testing.T) {
	for name, refusal := range map[string]error{
		"refused": &guard.DependencyUnhealthyError{Dependency: "redis", State: guard.Unhealthy},
		"denied":  &guard.DestructiveDeniedError{Operation: "EndSession", Dependency: "redis", Reason: guard.ReasonHold},
	} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), append(daemon(t, refusal), "end", "s00001"), &stdout, &stderr)
		if status != exitRetry || !strings.HasPrefix(stderr.String(), "System unhealthy; retry in ") {
			t.Errorf("%s: status %d, stderr %q; want %d and when to retry", name, status, stderr.String(), exitRetry)
		}
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
		args := []string{mode, "-serve-api", "-socket", dir + "/s", "-redis", "127.0.0.1:1", "-listen", "127.0.0.1:0", "-status", "127.0.0.1:0"}
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
