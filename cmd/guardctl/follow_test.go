package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// service answers the requests of a test, one after the other, in virtual time.
type service struct {
	asked   chan *http.Request
	answers chan *http.Response
}

// RoundTrip implements [http.RoundTripper].
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case s.asked <- r:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	select {
	case response := <-s.answers:
		if response == nil {
			return nil, errors.New("refused")
		}
		if body, ok := response.Body.(*io.PipeReader); ok {
			context.AfterFunc(r.Context(), func() { body.CloseWithError(r.Context().Err()) })
		}
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// response is an answer with a body that has been read to its end.
func response(code int, mediaType, body string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {mediaType}}, Body: io.NopCloser(strings.NewReader(body))}
}

// connect takes a request for the stream, and returns what writes to it, and the ID that was asked behind.
func (s *service) connect() (out *io.PipeWriter, behind string) {
	r := <-s.asked
	in, out := io.Pipe()
	s.answers <- &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}}, Body: in}
	return out, r.Header.Get("Last-Event-ID")
}

// following is somebody who follows, in a bubble.
type following struct {
	*service
	stop  context.CancelFunc
	ended chan error

	mu   sync.Mutex
	told []string
}

// follow begins to follow. What is told is noted, until enough is true of it.
func follow(t *testing.T, enough func(said string) error) *following {
	t.Helper()
	s := &service{asked: make(chan *http.Request), answers: make(chan *http.Response)}
	c := newClient(address{text: "there", base: "http://there"}, "", 5*time.Second)
	c.http.Transport = s
	ctx, stop := context.WithCancel(t.Context())
	f := &following{service: s, stop: stop, ended: make(chan error, 1)}
	go func() {
		f.ended <- c.follow(ctx, "x-1", func(n news) error {
			f.mu.Lock()
			f.told = append(f.told, n.text())
			f.mu.Unlock()
			if enough == nil {
				return nil
			}
			return enough(n.text())
		})
	}()
	return f
}

func (f *following) wants(t *testing.T, told ...string) {
	t.Helper()
	synctest.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.EqualFunc(f.told, told, strings.Contains) {
		t.Errorf("told %q; want %q", f.told, told)
	}
}

func entryWith(id, text string) string {
	return fmt.Sprintf("id: %s\ndata: {\"id\":%q,\"text\":%q}\n\n", id, id, text)
}

func TestFollowGoesOnWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		out, behind := f.connect()
		if behind != "x-1" {
			t.Errorf("asked behind %q", behind)
		}
		io.WriteString(out, entryWith("x-2", "first")+": alive\n\nevent: later\ndata: of a kind that is not known\n\n")
		f.wants(t, "first")
		out.Close()
		f.wants(t, "first", "connection lost, trying again: there: the service has ended")

		began := time.Now()
		out, behind = f.connect()
		if behind != "x-2" {
			t.Errorf("asked behind %q the second time", behind)
		}
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("connected again after %s", waited)
		}
		io.WriteString(out, "event: gap\ndata: {\"missed\":3}\n\n"+entryWith("x-6", "second")+"event: dropped\ndata: {\"missed\":9}\n\n")
		out.Close()
		f.wants(t, "first", "lost", "connected again", "3 events are missing here", "second", "too slow", "lost")

		out, behind = f.connect()
		if behind != "x-6" {
			t.Errorf("asked behind %q the third time: what has no ID leaves the last one", behind)
		}
		io.WriteString(out, "event: gap\ndata: {\"missed\":0,\"restarted\":true}\n\n")
		f.wants(t, "first", "lost", "again", "missing", "second", "slow", "lost", "again", "the service was restarted")
		f.stop()
		if err := <-f.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestFollowGivesUpOnlyAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		<-f.asked
		f.answers <- nil
		if err := <-f.ended; err == nil || !strings.Contains(err.Error(), "refused") {
			t.Errorf("ended with %v", err)
		}

		f = follow(t, nil)
		out, _ := f.connect()
		out.Close()
		began := time.Now()
		for range 8 {
			<-f.asked
			f.answers <- nil
		}
		if waited := time.Since(began); waited < 60*time.Second || waited > 8*retryMost {
			t.Errorf("8 attempts in %s: want longer and longer breaks of %s at most", waited, retryMost)
		}
		f.wants(t, "lost") // once
		_, behind := f.connect()
		if behind != "x-1" {
			t.Errorf("asked behind %q", behind)
		}
		f.wants(t, "lost", "connected again")
		f.stop()
		<-f.ended
	})
}

func TestFollowNoticesSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		out, _ := f.connect()
		began := time.Now()
		for range 10 { // signs of life
			time.Sleep(15 * time.Second)
			io.WriteString(out, ": alive\n\n")
		}
		f.wants(t)
		<-f.asked
		if waited := time.Since(began); waited != 150*time.Second+streamPatience+retryFirst {
			t.Errorf("connected again after %s", waited)
		}
		f.wants(t, "silent for 45s")
		f.stop()
		<-f.ended
	})
}

func TestFollowIsNotPatientBeforeTheStreamBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		<-f.asked
		if err := <-f.ended; err == nil || !strings.Contains(err.Error(), "no answer in 5s") {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestFollowForgetsAnIDThatIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		out, _ := f.connect()
		out.Close()
		<-f.asked
		f.answers <- response(400, "application/problem+json", `{"detail":"event ID"}`)
		if _, behind := f.connect(); behind != "0" {
			t.Errorf("asked behind %q", behind)
		}
		f.stop()
		<-f.ended
	})
}

func TestFollowPassesOverWhatItCannotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		out, _ := f.connect()
		io.WriteString(out, "retry: 3000\nid: x-2\ndata: garbage\n\n")
		f.wants(t, "an event that guardctl does not understand")
		began := time.Now()
		if _, behind := f.connect(); behind != "x-2" {
			t.Errorf("asked behind %q: the same event would come again and again", behind)
		}
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("waited %s; the service asked for 3s", waited)
		}
		f.stop()
		<-f.ended
	})
}

func TestFollowAsksNoFasterThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, nil)
		began := time.Now()
		for range 10 {
			out, _ := f.connect()
			io.WriteString(out, "retry: 0\n\nretry: 1\n\n")
			out.Close()
		}
		<-f.asked
		if waited := time.Since(began); waited != 10*retryLeast {
			t.Errorf("10 breaks in %s", waited)
		}
		f.stop()
		<-f.ended
	})
}

func TestFollowStopsWhenNobodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("the disk is full")
		for _, on := range []string{"first", "lost", "connected again"} {
			f := follow(t, func(said string) error {
				if strings.Contains(said, on) {
					return full
				}
				return nil
			})
			out, _ := f.connect()
			io.WriteString(out, entryWith("x-2", "first"))
			out.Close()
			if on == "connected again" {
				f.connect()
			}
			if err := <-f.ended; err != full {
				t.Errorf("told %q, and it ended with %v", on, err)
			}
		}
	})
}
