package faultproxy

import (
	"net"
	"sync"
)

// Freezer makes a server of this process hang as a stopped process does: its socket accepts, what is sent to it waits, and
// nothing answers. Safe for concurrent use.
type Freezer struct {
	mu    sync.Mutex
	going chan struct{} // closed while the server runs
}

// NewFreezer is a freezer that lets everything through.
func NewFreezer() *Freezer {
	f := &Freezer{going: make(chan struct{})}
	close(f.going)
	return f
}

// Freeze lets nothing through from here on.
func (f *Freezer) Freeze() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.going = make(chan struct{})
	return nil
}

// Thaw ends Freeze. Without one it does nothing.
func (f *Freezer) Thaw() error {
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
func (f *Freezer) gate() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.going
}

// Listen is net.Listen for a server that can be frozen.
func (f *Freezer) Listen(network, address string) (net.Listener, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	return &freezingListener{listener, f}, nil
}

type freezingListener struct {
	net.Listener
	freezer *Freezer
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
	freezer *Freezer
}

// Read holds what it has read until the server runs.
func (c *freezingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	<-c.freezer.gate()
	return n, err
}
