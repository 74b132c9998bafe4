package faultproxy

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// chunkSize is the most that one read takes from a socket: larger than the requests of the clients we test with.
const chunkSize = 32 << 10

// link is one connection of a client, with the connection to the server that it was given.
type link struct {
	proxy  *Proxy
	client net.Conn
	silent atomic.Bool     // swallowed a chunk by chance: says nothing more
	lost   atomic.Bool     // bytes were lost: unfit for use once the fault is over
	ctx    context.Context // done when the link has ended
	cancel context.CancelFunc

	mu     sync.Mutex
	server net.Conn // nil until dialled
}

// newLink is a link without a server yet.
func newLink(proxy *Proxy, client net.Conn) *link {
	ctx, cancel := context.WithCancel(context.Background())
	return &link{proxy: proxy, client: client, ctx: ctx, cancel: cancel}
}

// run copies in both directions until either side ends.
func (l *link) run(server net.Conn) {
	if !l.attach(server) {
		server.Close()
		return
	}
	var down sync.WaitGroup
	down.Go(func() {
		defer l.close()
		l.copy(l.client, server, l.answer())
	})
	l.copy(server, l.client, l.request)
	l.close()
	down.Wait()
}

// attach gives the link its server. It reports false if the link has ended meanwhile.
func (l *link) attach(server net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return false
	}
	l.server = server
	return true
}

// verdict is what happens to a chunk.
type verdict int

const (
	pass verdict = iota
	swallow
	cut
)

// copy moves chunks from source to target, each as judge decides.
func (l *link) copy(target io.Writer, source io.Reader, judge func(*Fault, []byte) (verdict, []byte)) {
	buffer := make([]byte, chunkSize)
	for {
		n, err := source.Read(buffer)
		if n > 0 {
			l.delay(l.proxy.fault.Load().Latency)
			fault := l.proxy.fault.Load()
			fate, chunk := judge(fault, buffer[:n])
			if fate == swallow {
				l.lost.Store(true)
				if fault != l.proxy.fault.Load() {
					return // Set came in between and has not seen the loss
				}
				continue
			}
			if _, err := target.Write(chunk); err != nil || fate == cut {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// request judges a chunk of the client.
func (l *link) request(f *Fault, chunk []byte) (verdict, []byte) {
	if f.BlackHole || l.silent.Load() {
		return swallow, nil
	}
	if f.Fail+f.Swallow > 0 {
		switch dice := l.proxy.throw(); {
		case dice < f.Fail:
			return cut, nil
		case dice < f.Fail+f.Swallow:
			l.silent.Store(true)
			return swallow, nil
		}
	}
	return pass, chunk
}

// answer returns the judge of the chunks of the server, which counts their bytes.
func (l *link) answer() func(*Fault, []byte) (verdict, []byte) {
	var sent int64
	return func(f *Fault, chunk []byte) (verdict, []byte) {
		if f.BlackHole {
			return swallow, nil
		}
		if left := f.CutAfter - sent; f.CutAfter > 0 && int64(len(chunk)) >= left {
			return cut, chunk[:max(left, 0)]
		}
		sent += int64(len(chunk))
		return pass, chunk
	}
}

// drain reads what the client says until the link ends.
func (l *link) drain() { io.Copy(io.Discard, l.client) }

// delay waits for d, or until the link ends.
func (l *link) delay(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.ctx.Done():
	}
}

// reset ends the link; a TCP client sees a reset.
func (l *link) reset() {
	if tcp, ok := l.client.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	l.close()
}

// close ends the link. Closing again does nothing.
func (l *link) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return
	}
	l.cancel()
	l.client.Close()
	if l.server != nil {
		l.server.Close()
	}
}
