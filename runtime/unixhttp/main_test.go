package unixhttp_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// TestMain sees to it that nothing in this package leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// socket is a path for a socket.
func socket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "uh") // t.TempDir may be too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// listen is net.Listen for a test.
func listen(t testing.TB, network, address string) net.Listener {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// serve serves the handler at a new socket, and returns its path. The body of the request is read before: a server that has
// not read it does not notice that its client is gone.
func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	path := socket(t)
	serveAt(t, listen(t, "unix", path), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	return path
}

// serveAt serves the handler until the test ends.
func serveAt(t testing.TB, listener net.Listener, handler http.Handler) *http.Server {
	t.Helper()
	server := &http.Server{Handler: handler}
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(listener) })
	t.Cleanup(func() {
		server.Close()
		serving.Wait()
	})
	return server
}

// say answers every request at a new socket with these bytes and closes the connection. With keep it answers each
// connection's later requests by closing it without a word.
func say(t testing.TB, answer string, keep bool) string {
	t.Helper()
	path := socket(t)
	listener := listen(t, "unix", path)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				reader := bufio.NewReader(conn)
				if _, err := http.ReadRequest(reader); err != nil {
					return
				}
				conn.Write([]byte(answer))
				if keep {
					http.ReadRequest(reader)
				}
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return path
}

// soon are options for servers that do not answer.
var soon = unixhttp.Options{DialTimeout: 100 * time.Millisecond, HeaderTimeout: 100 * time.Millisecond, BodySilence: 100 * time.Millisecond}

// newTransport is unixhttp.NewTransport for a test.
func newTransport(t testing.TB, address string, options unixhttp.Options) *unixhttp.Transport {
	t.Helper()
	transport, err := unixhttp.NewTransport(address, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { transport.Close() })
	return transport
}

// newClient is an http.Client with a transport for a test.
func newClient(t testing.TB, address string, options unixhttp.Options) *http.Client {
	t.Helper()
	return &http.Client{Transport: newTransport(t, address, options)}
}

// counted is how many connections a listener has accepted, and how many of them are open.
type counted struct{ made, open atomic.Int64 }

// counting is a listener that counts.
type counting struct {
	net.Listener
	*counted
}

// Accept implements [net.Listener].
func (l counting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.made.Add(1)
	l.open.Add(1)
	return &countedConn{Conn: conn, counted: l.counted}, nil
}

type countedConn struct {
	net.Conn
	*counted
	once sync.Once
}

// Close implements [net.Conn].
func (c *countedConn) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}
