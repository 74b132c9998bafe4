package unixhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// fetch is what a client does with an answer: it checks it, and decodes JSON.
func fetch(ctx context.Context, client *http.Client, method string) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://api/sessions/1", strings.NewReader(`{"a":1}`))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	if err := unixhttp.Check(response); err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct{ ID string }
	return json.NewDecoder(response.Body).Decode(&answer)
}

const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// TestFaultsOfASocketAreClassified has a row for each way in which an API socket fails, made at a real one.
func TestFaultsOfASocketAreClassified(t *testing.T) {
	const ignored, failure, success = guard.OutcomeIgnored, guard.OutcomeFailure, guard.OutcomeSuccess
	answering := func(code int) func(t *testing.T) string {
		return func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) })
		}
	}
	hanging := func(t *testing.T) string {
		return serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	}
	saying := func(answer string) func(t *testing.T) string {
		return func(t *testing.T) string { return say(t, answer, false) }
	}
	faulty := func(fault faultproxy.Fault) func(t *testing.T) string {
		return func(t *testing.T) string {
			real := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":"s00001","owner":"somebody"}`) })
			proxy, err := faultproxy.Start("unix", socket(t), real)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { proxy.Close() })
			if err := proxy.Set(fault); err != nil {
				t.Fatal(err)
			}
			return proxy.Addr()
		}
	}
	cause := errors.New("the user hung up")
	for _, row := range []struct {
		fault  string
		server func(t *testing.T) string // returns the path of its socket
		method string                    // GET
		ctx    func(context.Context) (context.Context, context.CancelFunc)
		is     error
		as     func(error) bool
		want   guard.Outcome
	}{
		{fault: "no such socket", server: func(t *testing.T) string { return socket(t) }, is: syscall.ENOENT, want: failure},
		{fault: "a stale socket", server: faulty(faultproxy.Fault{Refuse: true, Stale: true}), is: syscall.ECONNREFUSED, want: failure},
		{fault: "a plain file", server: plainFile, is: syscall.ECONNREFUSED, want: failure},
		{fault: "a full backlog", server: faulty(faultproxy.Fault{Deaf: true}), is: syscall.EAGAIN, want: failure},
		{fault: "hung until the header timeout", server: hanging, as: timedOut, want: failure},
		{fault: "black hole", server: faulty(faultproxy.Fault{BlackHole: true}), as: timedOut, want: failure},
		{fault: "the answer is lost", server: faulty(faultproxy.Fault{LoseAnswers: true}), method: http.MethodPost, as: timedOut, want: failure},
		{
			fault: "hung until the caller's deadline", server: hanging, is: context.DeadlineExceeded, want: failure,
			ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, 20*time.Millisecond)
			},
		},
		{
			fault: "the caller cancels", server: hanging, is: context.Canceled, want: ignored,
			ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(20*time.Millisecond, cancel)
				return ctx, cancel
			},
		},
		{
			fault: "the caller cancels with a cause", server: hanging, is: cause, want: ignored,
			ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancelCause(ctx)
				time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
				return ctx, func() { cancel(nil) }
			},
		},
		{fault: "closed before the answer", server: saying(""), is: io.EOF, want: failure},
		{fault: "closed before the answer to a POST", server: saying(""), method: http.MethodPost, is: io.EOF, want: failure},
		{
			fault: "the handler aborts", is: io.EOF, want: failure,
			server: func(t *testing.T) string {
				return serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
			},
		},
		{fault: "reset", server: faulty(faultproxy.Fault{Reset: true}), as: anything, want: failure},
		{fault: "closed in the header", server: saying("HTTP/1.1 200 OK\r\nContent-Le"), as: anything, want: failure},
		{fault: "a malformed header", server: saying("+PONG\r\n\r\n"), as: anything, want: failure},
		{fault: "a truncated body", server: saying(jsonHead + "Content-Length: 100\r\n\r\n{"), is: io.ErrUnexpectedEOF, want: failure},
		{fault: "a body cut in a chunk", server: saying(jsonHead + "Transfer-Encoding: chunked\r\n\r\nff\r\n{"), is: io.ErrUnexpectedEOF, want: failure},
		{fault: "cut JSON", server: saying(jsonHead + "Content-Length: 8\r\n\r\n{\"id\":\"s"), is: io.ErrUnexpectedEOF, want: failure},
		{fault: "cut by the proxy", server: faulty(faultproxy.Fault{CutAfter: 130}), is: io.ErrUnexpectedEOF, want: failure},
		{
			fault: "a body that falls silent", server: func(t *testing.T) string {
				return serve(t, func(w http.ResponseWriter, r *http.Request) {
					io.WriteString(w, "{")
					w.(http.Flusher).Flush()
					<-r.Context().Done()
				})
			}, as: timedOut, want: failure,
		},
		{fault: "HTML for JSON", server: saying("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"), as: syntax, want: failure},
		{fault: "404", server: answering(404), is: &unixhttp.StatusError{Code: 404}, want: success},
		{fault: "400", server: answering(400), is: &unixhttp.StatusError{Code: 400}, want: success},
		{fault: "409 to a DELETE", server: answering(409), method: http.MethodDelete, is: &unixhttp.StatusError{Code: 409}, want: success},
		{fault: "429", server: answering(429), is: &unixhttp.StatusError{Code: 429}, want: failure},
		{fault: "500", server: answering(500), is: &unixhttp.StatusError{Code: 500}, want: failure},
		{fault: "503", server: answering(503), is: &unixhttp.StatusError{Code: 503}, want: failure},
	} {
		t.Run(row.fault, func(t *testing.T) {
			client := newClient(t, "unix://"+row.server(t), soon)
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if row.ctx != nil {
				ctx, cancel = row.ctx(ctx)
			}
			defer cancel()
			if row.method == "" {
				row.method = http.MethodGet
			}
			began := time.Now()
			err := fetch(ctx, client, row.method)
			if row.is != nil && !errors.Is(err, row.is) || row.as != nil && !row.as(err) {
				t.Errorf("error %v (%T)", err, err)
			}
			if got := unixhttp.Classify(ctx, err); got != row.want {
				t.Errorf("%v is %v, want %v", err, got, row.want)
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// plainFile is a file where a socket should be.
func plainFile(t *testing.T) string {
	path := socket(t)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func anything(err error) bool { return err != nil }

func timedOut(err error) bool {
	slow, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && slow.Timeout() && errors.Is(err, context.DeadlineExceeded)
}

func syntax(err error) bool {
	_, ok := errors.AsType[*json.SyntaxError](err)
	return ok
}

// TestStaleConnectionSaysNothingAboutTheServer has a server that closes each connection at its second request.
func TestStaleConnectionSaysNothingAboutTheServer(t *testing.T) {
	path := say(t, jsonHead+"Content-Length: 2\r\n\r\n{}", true)
	for _, row := range []struct {
		method string
		want   guard.Outcome
	}{
		{http.MethodGet, guard.OutcomeSuccess}, // net/http asks once more
		{http.MethodPost, guard.OutcomeIgnored},
		{http.MethodPut, guard.OutcomeIgnored},
		{http.MethodDelete, guard.OutcomeIgnored},
	} {
		client := newClient(t, path, soon)
		if err := fetch(t.Context(), client, http.MethodGet); err != nil {
			t.Fatal(err)
		}
		err := fetch(t.Context(), client, row.method)
		if got := unixhttp.Classify(t.Context(), err); got != row.want {
			t.Errorf("%s: %v is %v, want %v", row.method, err, got, row.want)
		}
		if errors.Is(err, unixhttp.ErrStale) != (row.want == guard.OutcomeIgnored) {
			t.Errorf("%s: %v", row.method, err)
		}
	}
}

func TestOwnMistakesSayNothingAboutTheServer(t *testing.T) {
	transport := newTransport(t, socket(t), unixhttp.Options{})
	transport.Close()
	client := &http.Client{Transport: transport}
	_, closed := client.Get("http://api/")
	_, unparsed := client.Get("http://api/%zz")
	for _, err := range []error{closed, unparsed} {
		if err == nil || unixhttp.Classify(t.Context(), err) != guard.OutcomeIgnored {
			t.Errorf("%v is %v", err, unixhttp.Classify(t.Context(), err))
		}
	}
	if !errors.Is(closed, unixhttp.ErrClosed) {
		t.Errorf("%v", closed)
	}
	if _, ok := errors.AsType[*url.Error](unparsed); !ok {
		t.Errorf("%v", unparsed)
	}
	if unixhttp.Classify(t.Context(), nil) != guard.OutcomeSuccess {
		t.Error("nil is no success")
	}
}
