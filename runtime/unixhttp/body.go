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
	watches *watches
	limit   *deadline
	silence time.Duration // 0: none
	until   time.Time     // zero: no end
	late    error         // of a read that took too long; only the reader's
	call    call
	ended   sync.Once
}

// wrap gives the response a body that ends the deadline and the call, unless neither needs one.
func (t *Transport) wrap(response *http.Response, limit *deadline, of call) {
	o := t.options
	switch {
	case response.Body == http.NoBody:
		limit.end()
		of.end(nil)
		return
	case response.StatusCode == http.StatusSwitchingProtocols: // its body is a connection, and stays what it is
		of.end(nil)
		return
	case limit == nil && of.attached == nil && o.BodySilence == 0 && o.BodyTimeout == 0:
		return
	}
	b := &body{ReadCloser: response.Body, watches: &t.watches, limit: limit, silence: o.BodySilence, call: of}
	if o.BodyTimeout > 0 {
		b.until = time.Now().Add(o.BodyTimeout)
	}
	response.Body = b
}

// Read implements [io.Reader].
func (b *body) Read(p []byte) (int, error) {
	n, err := b.read(p)
	switch err {
	case nil:
	case io.EOF:
		b.end(nil)
	default:
		b.end(err)
	}
	return n, err
}

// read is Read within its time.
func (b *body) read(p []byte) (int, error) {
	patience, late := b.patience()
	if patience == 0 {
		return b.ReadCloser.Read(p)
	}
	if b.late != nil {
		return 0, b.late
	}
	w := b.watches.begin(&b.ReadCloser, patience)
	n, err := b.ReadCloser.Read(p)
	if !b.watches.end(w) {
		b.late = late
		if err != nil && err != io.EOF {
			err = late
		}
	}
	return n, err
}

// patience is how long a read may take, 0 for ever, and its error if it takes longer.
func (b *body) patience() (time.Duration, error) {
	if b.until.IsZero() {
		return b.silence, errBodySilent
	}
	left := max(1, time.Until(b.until))
	if b.silence > 0 && b.silence < left {
		return b.silence, errBodySilent
	}
	return left, errBodyLate
}

// Close implements [io.Closer]. A body that is closed before its end was not wanted any more: that is no failure, unless the
// caller's context is over, which for a body that hangs is how its caller leaves.
func (b *body) Close() error {
	b.end(b.call.over())
	return b.ReadCloser.Close()
}

func (b *body) end(err error) {
	b.ended.Do(func() {
		b.limit.end()
		b.call.end(err)
	})
}
