package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/guardgen/guardgen/runtime/status"
)

const (
	// streamPatience is how long an event stream may be silent: three times as long as between its signs of life.
	streamPatience = 45 * time.Second
	// retryFirst is the time before connecting again, unless the server says another; it grows with each attempt in vain.
	retryFirst = time.Second
	// retryLeast and retryMost bound it.
	retryLeast = 100 * time.Millisecond
	retryMost  = 15 * time.Second
)

// news is what following the event log brings: one of these.
type news struct {
	entry   *status.Entry
	raw     []byte // of the entry, as it came
	gap     *status.Gap
	dropped bool  // the server has given up on us, because we were too slow
	lost    error // the connection, which is being made again
	back    bool  // it is there again
}

// follow passes on what happens after the event with the ID last, until ctx is done or tell returns an error; it returns
// that. It connects again as often as it must, and goes on where it was; only if it cannot connect at first it gives up.
func (c *client) follow(ctx context.Context, last string, tell func(news) error) error {
	f := follower{client: c, last: last, tell: tell, retry: retryFirst}
	for attempts := 0; ; attempts++ {
		err := f.connect(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case f.told != nil:
			return f.told
		case f.connected:
			attempts = 0
			if err := tell(news{lost: err}); err != nil {
				return err
			}
		case !f.before:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(max(f.retry, retryLeast)<<min(attempts, 4), retryMost)):
		}
	}
}

// follower is one that follows.
type follower struct {
	*client

	last      string // ID
	tell      func(news) error
	told      error // what tell returned
	retry     time.Duration
	connected bool // in the last attempt
	before    bool // in one before
}

// connect reads one connection to its end. It returns what ended it.
func (f *follower) connect(ctx context.Context) error {
	f.before, f.connected = f.before || f.connected, false
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watchdog := time.AfterFunc(f.patience, func() { cancel(silence(f.patience)) })
	defer watchdog.Stop()
	r, err := f.request(ctx, http.MethodGet, "/events", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Last-Event-ID", f.last)
	response, err := f.http.Do(r)
	if err != nil {
		return f.unreachable(ctx, err)
	}
	defer response.Body.Close()
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.StatusCode != http.StatusOK || mediaType != "text/event-stream" {
		return f.notAStream(ctx, response)
	}
	watchdog.Stop()
	f.connected = true
	if f.before {
		if f.told = f.tell(news{back: true}); f.told != nil {
			return f.told
		}
	}
	listening := time.AfterFunc(streamPatience, func() { cancel(errSilent) })
	defer listening.Stop()
	alive := func() { listening.Reset(streamPatience) }
	return f.unreachable(ctx, f.read(newStream(watched{response.Body, alive})))
}

// notAStream says why there is no stream. An ID that the server does not take is forgotten.
func (f *follower) notAStream(ctx context.Context, response *http.Response) error {
	a, err := f.client.read(response)
	if err != nil {
		return f.unreachable(ctx, err)
	}
	if a.code == http.StatusBadRequest {
		f.last = "0"
	}
	if err := f.refusal(response, a); err != nil {
		return err
	}
	return f.stranger("/events", a)
}

// read passes on what a stream brings, and returns what ended it.
func (f *follower) read(s *stream) error {
	for {
		m, err := s.next()
		if s.retry > 0 {
			f.retry = s.retry
		}
		if errors.Is(err, io.EOF) {
			return errEnded
		}
		if err != nil {
			return err
		}
		if m.id != "" {
			f.last = m.id // also of an event that cannot be read, which would otherwise come again
		}
		n, err := newsOf(m)
		if err != nil {
			return err
		}
		if n == nil {
			continue
		}
		if f.told = f.tell(*n); f.told != nil {
			return f.told
		}
	}
}

var (
	errEnded  = errors.New("the service has ended the connection")
	errSilent = fmt.Errorf("the event stream was silent for %s", streamPatience)
)

// newsOf reads a message; one that is not known is no news.
func newsOf(m message) (n *news, err error) {
	switch m.kind {
	case "message":
		n = &news{entry: new(status.Entry), raw: m.data}
		err = decode(m.data, n.entry)
	case "gap", "dropped":
		n = &news{gap: new(status.Gap), dropped: m.kind == "dropped"}
		err = decode(m.data, n.gap)
	}
	if err != nil {
		return nil, fmt.Errorf("an event that guardctl does not understand: %w", err)
	}
	return n, nil
}

// watched tells somebody that something was read.
type watched struct {
	io.Reader

	alive func()
}

// Read implements [io.Reader].
func (w watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if n > 0 {
		w.alive()
	}
	return n, err
}
