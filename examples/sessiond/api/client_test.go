package api_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// socket is a path for a socket.
func socket(t *testing.T) string {
	dir, err := os.MkdirTemp("", "api") // t.TempDir may be too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// newClient is a client for a test.
func newClient(t *testing.T, path string, timeout time.Duration) *api.Client {
	client, err := api.NewClient(path, timeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// answering serves each request with the handler, and returns a client.
func answering(t *testing.T, handler http.HandlerFunc) *api.Client {
	path := socket(t)
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	served := make(chan struct{})
	go func() {
		defer close(served)
		server.Serve(listener)
	}()
	client := newClient(t, path, 100*time.Millisecond)
	t.Cleanup(func() {
		server.Close()
		<-served
	})
	return client
}

func TestAnswersOfTheServerAreClassified(t *testing.T) {
	for code, want := range map[int]guard.Outcome{
		http.StatusNotFound:            guard.OutcomeSuccess,
		http.StatusBadRequest:          guard.OutcomeSuccess,
		http.StatusTooManyRequests:     guard.OutcomeFailure,
		http.StatusInternalServerError: guard.OutcomeFailure,
		http.StatusServiceUnavailable:  guard.OutcomeFailure,
	} {
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) })
		err := client.Touch(t.Context(), "s")
		status, ok := errors.AsType[*unixhttp.StatusError](err)
		if !ok || status.Code != code || status.Text != "no" {
			t.Errorf("%d: error %v", code, err)
		}
		if got := api.Classify(t.Context(), err); got != want {
			t.Errorf("%d is %v, want %v", code, got, want)
		}
		if errors.Is(err, api.ErrNotFound) != (code == http.StatusNotFound) {
			t.Errorf("%d: whether the session was not found is told wrong", code)
		}
	}
}

func TestUnreachableServerIsAFailureAndNamesTheCause(t *testing.T) {
	client := newClient(t, socket(t), 0)
	err := client.Ping(t.Context())
	if !errors.Is(err, syscall.ENOENT) || api.Classify(t.Context(), err) != guard.OutcomeFailure {
		t.Errorf("error %v, want a missing socket and a failure", err)
	}
}

func TestHungServerIsAFailureAtTheDeadline(t *testing.T) {
	client := answering(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	err := client.Ping(t.Context())
	if !errors.Is(err, context.DeadlineExceeded) || api.Classify(t.Context(), err) != guard.OutcomeFailure {
		t.Errorf("error %v, want a deadline and a failure", err)
	}
}

func TestGarbageIsAFailure(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) })
	_, err := client.Get(t.Context(), "s")
	if err == nil || api.Classify(t.Context(), err) != guard.OutcomeFailure {
		t.Errorf("error %v, want a failure", err)
	}
}

func TestCallerWhoCancelsSaysNothingAboutTheServer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	err := client.Ping(ctx)
	if err == nil || api.Classify(ctx, err) != guard.OutcomeIgnored {
		t.Errorf("error %v, want it ignored", err)
	}
}
