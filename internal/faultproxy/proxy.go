package faultproxy

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// dialTimeout bounds the dial to the server behind the proxy.
const dialTimeout = 5 * time.Second

// Proxy listens at an address and passes connections on to a server, as well as its Fault lets it.
// Safe for concurrent use.
type Proxy struct {
	network  string
	address  string // where it listens; fixed at Start, so that a refused proxy comes back where it was
	upstream string

	fault atomic.Pointer[Fault]

	dice struct {
		sync.Mutex
		*rand.Rand
	}

	running sync.WaitGroup // the accept loop and every link

	mu       sync.Mutex // held while listening, never while a connection is served
	listener net.Listener
	deaf     io.Closer // a listener that never accepts, in its place
	links    map[*link]struct{}
	closed   bool
}

// Start listens at address and passes everything on to upstream. Network is "tcp" (or "tcp4", "tcp6") or "unix", for
// both sides; the TCP address may end in ":0". Its dice are seeded alike in each run; see Seed.
func Start(network, address, upstream string) (*Proxy, error) {
	p := &Proxy{network: network, address: address, upstream: upstream, links: make(map[*link]struct{})}
	p.fault.Store(new(Fault))
	p.Seed(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.listen(); err != nil {
		return nil, err
	}
	p.address = p.listener.Addr().String()
	return p, nil
}

// Addr is the address clients dial: host:port, or the path of the socket. It stays the same until Close.
func (p *Proxy) Addr() string { return p.address }

// Seed sets the dice that Fail and Swallow throw.
func (p *Proxy) Seed(seed uint64) {
	p.dice.Lock()
	defer p.dice.Unlock()
	p.dice.Rand = rand.New(rand.NewPCG(seed, seed))
}

// Set replaces the fault, at once and on open connections too. A connection that has lost bytes to the fault before is
// closed, because its two ends no longer agree on what was said. The error is about f, or about listening again.
func (p *Proxy) Set(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	p.fault.Store(&f)
	for l := range p.links {
		switch {
		case f.Reset:
			l.reset()
		case f.Refuse, f.Deaf, l.lost.Load():
			l.close()
		}
	}
	switch {
	case f.Refuse:
		p.refuse(f.Stale)
		return nil
	case f.Deaf:
		return p.deafen()
	}
	return p.listen()
}

// Close stops listening, ends every connection and waits for the goroutines of the proxy. Closing again does nothing.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	p.refuse(false)
	for l := range p.links {
		l.close()
	}
	p.mu.Unlock()
	p.running.Wait()
	return nil
}

// listen opens the listener if it is closed. Requires p.mu.
func (p *Proxy) listen() error {
	if p.listener != nil {
		return nil
	}
	p.hear()
	if p.network == "unix" && p.stale() {
		os.Remove(p.address)
	}
	listener, err := net.Listen(p.network, p.address)
	if err != nil {
		return fmt.Errorf("faultproxy: listen: %w", err)
	}
	p.listener = listener
	p.running.Go(func() { p.accept(listener) })
	return nil
}

// deafen puts a listener that never accepts in place of the other. Requires p.mu.
func (p *Proxy) deafen() (err error) {
	if p.deaf != nil {
		return nil
	}
	p.refuse(false)
	p.deaf, err = Deaf(p.network, p.address)
	return err
}

// hear ends deafen. Requires p.mu.
func (p *Proxy) hear() {
	if p.deaf != nil {
		p.deaf.Close()
		p.deaf = nil
	}
}

// stale reports whether the path of the socket is a socket that nobody listens at.
func (p *Proxy) stale() bool {
	info, err := os.Lstat(p.address)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return false
	}
	conn, err := net.DialTimeout(p.network, p.address, dialTimeout)
	if err == nil {
		conn.Close()
	}
	return err != nil
}

// refuse closes the listener if it is open. Requires p.mu.
func (p *Proxy) refuse(keepFile bool) {
	p.hear()
	if p.listener == nil {
		return
	}
	if unix, ok := p.listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(!keepFile)
	}
	p.listener.Close()
	p.listener = nil
}

// accept turns connections into links until the listener closes.
func (p *Proxy) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		p.running.Go(func() { p.serve(client) })
	}
}

// serve runs one connection to its end.
func (p *Proxy) serve(client net.Conn) {
	l := newLink(p, client)
	defer l.close()
	fault, ok := p.adopt(l)
	if !ok {
		return
	}
	defer p.dismiss(l)
	switch {
	case fault.Reset:
		l.reset()
	case fault.BlackHole:
		l.drain()
	default:
		dialer := net.Dialer{Timeout: dialTimeout}
		if server, err := dialer.DialContext(l.ctx, p.network, p.upstream); err == nil {
			l.run(server)
		}
	}
}

// adopt makes Set and Close reach the link, and returns the fault it was born under. It reports false if the link came
// too late to be served.
func (p *Proxy) adopt(l *link) (*Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := p.fault.Load()
	if p.closed || fault.Refuse || fault.Deaf {
		return nil, false
	}
	if fault.BlackHole {
		l.lost.Store(true) // it never meets the server, so it is of no use later
	}
	p.links[l] = struct{}{}
	return fault, true
}

// dismiss forgets a link that has ended.
func (p *Proxy) dismiss(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}

// throw returns a number in [0, 1).
func (p *Proxy) throw() float64 {
	p.dice.Lock()
	defer p.dice.Unlock()
	return p.dice.Float64()
}
