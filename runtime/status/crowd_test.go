package status

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// reader is a client of the event stream that comes back when its connection ends, as a browser does. It keeps count of what
// it hears, and of what it is told that it has missed.
type reader struct {
	t        *testing.T
	service  *service
	name     string
	last     atomic.Uint64
	progress chan struct{} // it has heard more
	gone     chan struct{} // it reads no more

	received, missed uint64
	dropped          int // times that it was told to be too slow
	connections      int
	announced        uint64 // missed, as the gap just before says
	behind           uint64 // missed, as it was told when it was dropped
}

// reader is one that has heard nothing yet.
func (s *service) reader(name string) *reader {
	return &reader{t: s.t, service: s, name: name, progress: make(chan struct{}, 1), gone: make(chan struct{})}
}

// connect opens a connection that reads on after the last event.
func (r *reader) connect(ctx context.Context) (net.Conn, *bufio.Reader, error) {
	address := r.service.listener.Addr()
	conn, err := new(net.Dialer).DialContext(ctx, address.Network(), address.String())
	if err != nil {
		return nil, nil, err
	}
	if _, err = fmt.Fprintf(conn, "GET /events HTTP/1.1\r\nHost: guard\r\nUser-Agent: %s\r\nLast-Event-ID: %s\r\n\r\n",
		r.name, r.service.handler.feed.id(r.last.Load())); err != nil {
		return conn, nil, err
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return conn, nil, err
	}
	if response.StatusCode != http.StatusOK {
		return conn, nil, fmt.Errorf("answered %s", response.Status)
	}
	r.connections++
	return conn, bufio.NewReader(response.Body), nil
}

// run reads until ctx ends.
func (r *reader) run(ctx context.Context, connected func()) {
	defer close(r.gone)
	for ctx.Err() == nil {
		conn, lines, err := r.connect(ctx)
		if err == nil {
			connected()
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			err = r.read(lines)
			stop()
		}
		if conn != nil {
			conn.Close()
		}
		if err != nil && ctx.Err() == nil {
			r.t.Errorf("%s: %v", r.name, err)
			return
		}
	}
}

// read reads until the stream ends.
func (r *reader) read(lines *bufio.Reader) error {
	kind := ""
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return nil // the server, or the test, ends it
		}
		line = bytes.TrimSuffix(line, []byte("\n"))
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch string(name) {
		case "event":
			kind = string(value)
		case "data":
			if err := r.told(kind, value); err != nil {
				return err
			}
			kind = ""
		case "id":
			if err := r.heard(value); err != nil {
				return err
			}
		}
	}
}

// told reads that something is missing.
func (r *reader) told(kind string, data []byte) error {
	if kind == "" {
		return nil // an entry, of which the ID is enough
	}
	var gap Gap
	if err := json.Unmarshal(data, &gap); err != nil || gap.Missed == 0 || gap.Restarted {
		return fmt.Errorf("%s: %s, %v", kind, data, err)
	}
	if kind == "dropped" {
		r.dropped++
		r.behind = gap.Missed
		return nil
	}
	if gap.Missed < r.behind {
		return fmt.Errorf("it missed %d, and was told of %d when it was dropped", gap.Missed, r.behind)
	}
	r.announced, r.behind = gap.Missed, 0
	return nil
}

// heard takes an entry, which must be the next one, but for what was told.
func (r *reader) heard(id []byte) error {
	_, number, _ := strings.Cut(string(id), "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if want := r.last.Load() + r.announced + 1; err != nil || seq != want {
		return fmt.Errorf("event %s, want number %d: %d after %d", id, want, r.announced, r.last.Load())
	}
	r.received++
	r.missed += r.announced
	r.announced = 0
	r.last.Store(seq)
	select {
	case r.progress <- struct{}{}:
	default:
	}
	return nil
}

// crowd is many readers.
type crowd struct {
	t       *testing.T
	readers []*reader
	leave   func() // waits until all have gone
}

// gather connects readers that know all that has happened so far.
func (s *service) gather(n int) *crowd {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &crowd{t: s.t}
	var running, connected sync.WaitGroup
	for i := range n {
		r := s.reader(fmt.Sprintf("reader-%d", i))
		r.last.Store(s.handler.feed.newest())
		c.readers = append(c.readers, r)
		connected.Add(1)
		running.Go(func() {
			first := sync.OnceFunc(connected.Done)
			defer first()
			r.run(ctx, first)
		})
	}
	connected.Wait()
	c.leave = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	s.t.Cleanup(c.leave)
	return c
}

// await waits until everybody has heard an event, or of a later one.
func (c *crowd) await(seq uint64) {
	c.t.Helper()
	late := time.After(time.Minute)
	for _, r := range c.readers {
		for r.last.Load() < seq {
			select {
			case <-r.progress:
			case <-r.gone:
				c.t.Fatalf("%s has heard up to %d of %d, and reads no more", r.name, r.last.Load(), seq)
			case <-late:
				c.t.Fatalf("%s has heard up to %d of %d", r.name, r.last.Load(), seq)
			}
		}
	}
}
