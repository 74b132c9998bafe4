package status

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// network connects clients with a server in a bubble. A write waits until it is read: nothing is buffered in between.
type network struct {
	dialed chan net.Conn
	done   chan struct{}
	close  func()
}

func newNetwork() *network {
	n := &network{dialed: make(chan net.Conn), done: make(chan struct{})}
	n.close = sync.OnceFunc(func() { close(n.done) })
	return n
}

// Accept implements [net.Listener].
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.dialed:
		return conn, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (n *network) Close() error { n.close(); return nil }

// Addr implements [net.Listener].
func (n *network) Addr() net.Addr { return &net.UnixAddr{Name: "network", Net: "unix"} }

// dial is the client's end of a new connection.
func (n *network) dial() net.Conn {
	client, server := net.Pipe()
	n.dialed <- server
	return client
}

// online serves the handler of a world, by [ServeListener], until the test ends.
func (w *world) online() *network {
	n := newNetwork()
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { ServeListener(ctx, n, w.handler) })
	w.t.Cleanup(func() {
		stop()
		serving.Wait()
	})
	return n
}

// heard is one message of an event stream.
type heard struct{ kind, id, data, comment, retry string }

// audience is a client of the event stream, and what it has heard. Safe for concurrent use.
type audience struct {
	conn     net.Conn
	response *http.Response

	mu       sync.Mutex
	messages []heard
	over     bool
	reading  sync.WaitGroup
}

// open asks for the event stream, with headers in pairs, and reads nothing of it.
func (n *network) open(t *testing.T, target string, header ...string) *audience {
	t.Helper()
	a := &audience{conn: n.dial()}
	request := "GET " + target + " HTTP/1.1\r\nHost: guard\r\n"
	for i := 0; i < len(header); i += 2 {
		request += header[i] + ": " + header[i+1] + "\r\n"
	}
	if _, err := fmt.Fprint(a.conn, request+"\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(a.conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	a.response = response
	t.Cleanup(a.leave)
	return a
}

// listen opens the event stream and reads it until the test ends.
func (n *network) listen(t *testing.T, target string, header ...string) *audience {
	t.Helper()
	a := n.open(t, target, header...)
	a.read()
	return a
}

// read begins to read, in the background.
func (a *audience) read() {
	a.reading.Go(func() {
		var m heard
		for lines := bufio.NewScanner(a.response.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case lines.Text() == "":
				a.mu.Lock()
				a.messages = append(a.messages, m)
				a.mu.Unlock()
				m = heard{}
			case name == "":
				m.comment = value
			case name == "event":
				m.kind = value
			case name == "id":
				m.id = value
			case name == "data":
				m.data = value
			case name == "retry":
				m.retry = value
			default:
				m.comment = "unreadable: " + lines.Text()
			}
		}
		a.mu.Lock()
		a.over = true
		a.mu.Unlock()
	})
	synctest.Wait()
}

// leave closes the connection.
func (a *audience) leave() {
	a.conn.Close()
	a.reading.Wait()
}

// heard returns what has come since the last time.
func (a *audience) heard() []heard {
	synctest.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	news := a.messages
	a.messages = nil
	return news
}

// ended reports whether the server has ended the stream.
func (a *audience) ended() bool {
	synctest.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.over
}

// exchange sends bytes as they are, and returns the answer. The connection ends with the test.
func (n *network) exchange(t *testing.T, request string) *http.Response {
	t.Helper()
	conn := n.dial()
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return response
}
