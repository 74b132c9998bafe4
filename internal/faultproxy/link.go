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
	hangUp sync.Once       // for the first of them
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
	pass    verdict = iota
	trickle         // passes byte by byte
	reply           // goes back to where it came from, as the server's answer
	swallow
	shut // is swallowed, and the client's reading side is closed
	cut  // passes, and the link ends
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
			if !l.carry(fate, chunk, target) {
				return
			}
			if fate >= reply && !l.lose(fault) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// carry does with a chunk what was decided. It reports false if the link is to end.
func (l *link) carry(fate verdict, chunk []byte, target io.Writer) bool {
	var err error
	switch fate {
	case swallow:
	case shut:
		if client, ok := l.client.(interface{ CloseWrite() error }); ok {
			client.CloseWrite()
		}
	case reply:
		_, err = l.client.Write(chunk)
	case trickle:
		err = l.trickle(target, chunk)
	default:
		_, err = target.Write(chunk)
	}
	return err == nil && fate != cut
}

// lose notes that the two ends no longer agree on what was said. It reports false if Set came in between and has not
// seen it, so that the link is to end.
func (l *link) lose(fault *Fault) bool {
	l.lost.Store(true)
	if fault.HangUp > 0 {
		l.hangUp.Do(func() { time.AfterFunc(fault.HangUp, l.close) })
	}
	return fault == l.proxy.fault.Load()
}

// trickle writes byte by byte, as long as the fault is one.
func (l *link) trickle(target io.Writer, chunk []byte) error {
	for i := range chunk {
		pause := l.proxy.fault.Load().Trickle
		if pause == 0 {
			_, err := target.Write(chunk[i:])
			return err
		}
		l.delay(pause)
		if _, err := target.Write(chunk[i : i+1]); err != nil {
			return err
		}
	}
	return nil
}

// request judges a chunk of the client.
func (l *link) request(f *Fault, chunk []byte) (verdict, []byte) {
	switch {
	case f.BlackHole, f.LoseRequests, l.silent.Load():
		return swallow, nil
	case f.Answer != "":
		return reply, []byte(f.Answer)
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
		switch {
		case f.BlackHole, f.LoseAnswers:
			return swallow, nil
		case f.HalfClose:
			return shut, nil
		}
		if left := f.CutAfter - sent; f.CutAfter > 0 && int64(len(chunk)) >= left {
			return cut, chunk[:max(left, 0)]
		}
		sent += int64(len(chunk))
		if f.Trickle > 0 {
			return trickle, chunk
		}
		return pass, chunk
	}
}

// drain reads what the client says until the link ends.
func (l *link) drain() { l.copy(io.Discard, l.client, l.request) }

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
