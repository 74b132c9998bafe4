package unixhttp

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// watch closes a body whose read takes too long, which ends the read. It is used again, for other reads, so that a read costs
// no timer.
type watch struct {
	timer *time.Timer
	body  atomic.Pointer[io.ReadCloser]
}

// watches are those of one transport: the timers of a test's bubble must not be met outside of it.
type watches struct{ pool sync.Pool }

// begin watches a read.
func (s *watches) begin(body *io.ReadCloser, patience time.Duration) *watch {
	w, known := s.pool.Get().(*watch)
	if !known {
		w = new(watch)
		w.body.Store(body)
		w.timer = time.AfterFunc(patience, w.fire)
		return w
	}
	w.body.Store(body)
	w.timer.Reset(patience)
	return w
}

// end reports whether the read was in time. The watch must not be used any more.
func (s *watches) end(w *watch) (inTime bool) {
	if !w.timer.Stop() { // it fires, or has fired, and may still close this body: it cannot watch another
		return false
	}
	w.body.Store(nil)
	s.pool.Put(w)
	return true
}

func (w *watch) fire() {
	if body := w.body.Load(); body != nil {
		(*body).Close()
	}
}
