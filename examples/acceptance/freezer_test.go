//go:build integration

package acceptance

import (
	"net"
	"sync"
)

// freezer makes a server of this process hang as a stopped process does: its socket accepts, what is sent to it waits, and
// nothing answers. Safe for concurrent use.
type freezer struct {
	mu    sync.Mutex
	going chan struct{} // closed while the server runs
}

func newFreezer() *freezer {
	f := &freezer{going: make(chan struct{})}
	close(f.going)
	return f
}

// freeze lets nothing through from here on.
func (f *freezer) freeze() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.going = make(chan struct{})
	return nil
}

// thaw ends freeze. Without one it does nothing.
func (f *freezer) thaw() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.going:
	default:
		close(f.going)
	}
	return nil
}

// gate is closed while the server runs.
func (f *freezer) gate() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.going
}

// listen is net.Listen for a server that can be frozen.
func (f *freezer) listen(network, address string) (net.Listener, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return &freezingListener{listener, f}, nil
}

type freezingListener struct {
	net.Listener
	freezer *freezer
}

// Accept implements [net.Listener].
func (l *freezingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &freezingConn{Conn: conn, freezer: l.freezer}, nil
}

type freezingConn struct {
	net.Conn
	freezer *freezer
}

// Read holds what it has read until the server runs.
func (c *freezingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	<-c.freezer.gate()
	return n, err
}
