package unixhttp

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// body is the body of an answer: it knows when reading takes too long, and how the call ended whose last part it is.
// Closing it while it is read is allowed.
type body struct {
	io.ReadCloser
	limit   *deadline
	silence time.Duration // 0: none
	until   time.Time     // zero: no end
	call    *call         // nil if nobody wants to know
	ended   sync.Once

	mu      sync.Mutex
	timer   *time.Timer
	late    error // what a read that is under way ends with if the timer fires
	expired error
}

// wrap gives the response a body that ends the deadline and the call, unless neither needs one.
func (t *Transport) wrap(response *http.Response, limit *deadline, of *call) {
	o := t.options
	upgraded := response.StatusCode == http.StatusSwitchingProtocols // its body is a connection, and stays what it is
	switch {
	case response.Body == http.NoBody:
		limit.end()
		of.end(nil)
		return
	case upgraded:
		of.end(nil)
		return
	case limit == nil && of == nil && o.BodySilence == 0 && o.BodyTimeout == 0:
		return
	}
	b := &body{ReadCloser: response.Body, limit: limit, silence: o.BodySilence, call: of}
	if o.BodyTimeout > 0 {
		b.until = time.Now().Add(o.BodyTimeout)
	}
	response.Body = b
}

// Read implements [io.Reader].
func (b *body) Read(p []byte) (int, error) {
	b.watch()
	n, err := b.ReadCloser.Read(p)
	if expired := b.rest(); expired != nil && err != nil && err != io.EOF {
		err = expired
	}
	switch err {
	case nil:
	case io.EOF:
		b.end(nil)
	default:
		b.end(err)
	}
	return n, err
}

// Close implements [io.Closer]. A body that is closed before its end was not wanted any more: that is no failure, unless the
// caller's context is over, which for a body that hangs is how its caller leaves.
func (b *body) Close() error {
	b.end(b.call.over())
	b.rest()
	return b.ReadCloser.Close()
}

func (b *body) end(err error) {
	b.ended.Do(func() {
		b.limit.end()
		b.call.end(err)
	})
}

// watch closes the body if the read that begins takes too long, which ends the read.
func (b *body) watch() {
	patience, late := b.silence, errBodySilent
	if !b.until.IsZero() {
		if left := max(1, time.Until(b.until)); patience == 0 || left < patience {
			patience, late = left, errBodyLate
		}
	}
	if patience == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.late = late
	if b.timer == nil {
		b.timer = time.AfterFunc(patience, b.expire)
		return
	}
	b.timer.Reset(patience)
}

func (b *body) expire() {
	b.mu.Lock()
	b.expired = b.late
	b.mu.Unlock()
	b.ReadCloser.Close()
}

// rest ends the watch, and returns the error of one that came too late.
func (b *body) rest() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.timer != nil {
		b.timer.Stop()
	}
	return b.expired
}
