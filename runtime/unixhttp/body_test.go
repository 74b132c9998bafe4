package unixhttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// pieces sends a piece of the body for each that is asked for, until next is closed.
func pieces(next <-chan string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		for {
			select {
			case piece, ok := <-next:
				if !ok {
					return
				}
				io.WriteString(w, piece)
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}
}

func TestBodyOutlivesTheDeadlinesOfItsCall(t *testing.T) {
	next := make(chan string)
	path := serve(t, pieces(next))
	const bound = 50 * time.Millisecond
	client := newClient(t, path, unixhttp.Options{DialTimeout: bound, HeaderTimeout: bound, Timeout: bound})
	response, err := client.Get("http://api/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	over := time.After(3 * bound)
	buffer := make([]byte, 16)
	read := func(want string) {
		t.Helper()
		next <- want
		if n, err := io.ReadFull(response.Body, buffer[:len(want)]); err != nil || string(buffer[:n]) != want {
			t.Fatalf("%q, %v", buffer[:n], err)
		}
	}
	read("one")
	<-over
	read("two")
	close(next)
	if n, err := response.Body.Read(buffer); n != 0 || err != io.EOF {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestEachPartOfACallHasItsBound(t *testing.T) {
	const bound = 30 * time.Millisecond
	silent := func(t *testing.T) string { return serve(t, pieces(nil)) }
	hung := func(t *testing.T) string {
		return serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	}
	unread := func(t *testing.T) string { // accepts, and reads nothing
		path := socket(t)
		listen(t, "unix", path)
		return path
	}
	for _, row := range []struct {
		name    string
		server  func(t *testing.T) string
		options unixhttp.Options
		body    string
		want    string
	}{
		{"headers", hung, unixhttp.Options{HeaderTimeout: bound}, "", "timeout awaiting response headers"},
		{"headers, from the beginning", hung, unixhttp.Options{Timeout: bound}, "", "no headers within Timeout"},
		{"a request that is not read", unread, unixhttp.Options{HeaderTimeout: bound}, strings.Repeat("x", 4<<20), "i/o timeout"},
		{"all of it", unread, unixhttp.Options{Timeout: bound}, strings.Repeat("x", 4<<20), "no headers within Timeout"},
		{"a silence in the body", silent, unixhttp.Options{BodySilence: bound}, "", "the body was silent for BodySilence"},
		{"the body", silent, unixhttp.Options{BodyTimeout: bound}, "", "the body did not end within BodyTimeout"},
		{"the body, without silence", silent, unixhttp.Options{BodyTimeout: bound, BodySilence: -1}, "", "the body did not end within BodyTimeout"},
	} {
		t.Run(row.name, func(t *testing.T) {
			client := newClient(t, row.server(t), row.options)
			began := time.Now()
			response, err := client.Post("http://api/", "text/plain", strings.NewReader(row.body))
			if err == nil {
				_, err = io.ReadAll(response.Body)
				response.Body.Close()
			}
			slow, ok := errors.AsType[interface {
				error
				Timeout() bool
			}](err)
			if !ok || !slow.Timeout() || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want %s", err, row.want)
			}
			if took := time.Since(began); took < bound || took > 2*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestTrickleEndsWithBodyTimeoutAlthoughItIsNeverSilent(t *testing.T) {
	path := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-tick.C:
				io.WriteString(w, "x")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				tick.Stop()
				return
			}
		}
	})
	client := newClient(t, path, unixhttp.Options{BodyTimeout: 50 * time.Millisecond})
	response, err := client.Get("http://api/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if len(said) == 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%q, %v", said, err)
	}
}

// A caller who thinks between two reads is not taken for a server that is silent.
func TestSlowReaderIsNoSilence(t *testing.T) {
	path := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 1<<20)) })
	const bound = 20 * time.Millisecond
	client := newClient(t, path, unixhttp.Options{BodySilence: bound})
	response, err := client.Get("http://api/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.ReadFull(response.Body, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	<-time.After(3 * bound)
	if rest, err := io.ReadAll(response.Body); len(rest) != 1<<20-10 || err != nil {
		t.Errorf("%d bytes, %v", len(rest), err)
	}
}

func TestBodyMayBeClosedWhileItIsRead(t *testing.T) {
	client := newClient(t, serve(t, pieces(nil)), unixhttp.Options{})
	response, err := client.Get("http://api/")
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan error)
	go func() {
		_, err := response.Body.Read(make([]byte, 1))
		read <- err
	}()
	response.Body.Close()
	if err := <-read; err == nil {
		t.Error("it was read")
	}
}

// The connection of an answer that has been read is used again, deadlines and all.
func TestConnectionsAreKept(t *testing.T) {
	var connections counted
	path := socket(t)
	serveAt(t, counting{listen(t, "unix", path), &connections}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "hello")
	}))
	client := newClient(t, path, unixhttp.Options{Timeout: time.Second, BodyTimeout: time.Second})
	for range 20 {
		response, err := client.Get("http://api/")
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	if made := connections.made.Load(); made != 1 {
		t.Errorf("%d connections", made)
	}
}

// foreign is a context of a type that package context does not know: each context below it has a goroutine until it ends.
type foreign struct {
	context.Context
	done chan struct{}
}

// Done implements [context.Context].
func (f foreign) Done() <-chan struct{} { return f.done }

func TestRequestsLeaveNothingWithTheContextOfTheirCaller(t *testing.T) {
	path := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, "hello")
		}
	})
	client := newClient(t, path, unixhttp.Options{Timeout: time.Minute})
	ctx := foreign{t.Context(), make(chan struct{})}
	defer close(ctx.done)
	do := func(method string) {
		t.Helper()
		request, err := http.NewRequestWithContext(ctx, method, "http://api/", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	do(http.MethodGet)
	before := runtime.NumGoroutine()
	for range 20 {
		do(http.MethodGet)
		do(http.MethodPost)
	}
	wantSoon(t, "goroutines too many", 0, func() int64 { return int64(max(0, runtime.NumGoroutine()-before)) })
}
