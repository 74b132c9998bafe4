package guard

import (
	"context"
	"sync"
	"time"
)

// deadline is the context of a call with a timeout. It has no timer until somebody waits for its end: a client that only
// asks for the deadline, as those do that set it on a connection, or that does not look at all, pays an allocation and a
// reading of the clock. Safe for concurrent use.
type deadline struct {
	context.Context // the caller's

	at time.Time

	mu    sync.Mutex
	armed context.Context    // with a timer; nil as long as nobody waits
	end   context.CancelFunc // of it
	over  bool               // the call has ended
}

// withDeadline gives a call at most timeout from now, and nil if ctx ends within that already.
func withDeadline(ctx context.Context, timeout time.Duration) *deadline {
	if endsWithin(ctx, timeout) {
		return nil
	}
	return &deadline{Context: ctx, at: time.Now().Add(timeout)}
}

// endsWithin reports whether ctx has a deadline that is no later than timeout from now.
func endsWithin(ctx context.Context, timeout time.Duration) bool {
	theirs, ok := ctx.Deadline()
	return ok && time.Until(theirs) <= timeout
}

// Deadline implements [context.Context].
func (d *deadline) Deadline() (time.Time, bool) { return d.at, true }

// Done implements [context.Context]. The first who asks starts the timer.
func (d *deadline) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.arm().Done()
}

// Err implements [context.Context].
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.armed != nil:
		return d.armed.Err()
	case d.Context.Err() != nil:
		return d.Context.Err()
	case d.over:
		return context.Canceled
	case !time.Now().Before(d.at):
		return d.arm().Err() // from now on it stays so, whatever the clock says
	}
	return nil
}

// Value implements [context.Context]. Contexts derived from d find the armed one by it.
func (d *deadline) Value(key any) any {
	d.mu.Lock()
	armed := d.armed
	d.mu.Unlock()
	if armed != nil {
		return armed.Value(key)
	}
	return d.Context.Value(key)
}

// arm requires d.mu.
func (d *deadline) arm() context.Context {
	if d.armed == nil {
		d.armed, d.end = context.WithDeadline(d.Context, d.at)
		if d.over {
			d.end()
		}
	}
	return d.armed
}

// cancel ends the call: whoever still waits is told.
func (d *deadline) cancel() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	if d.end != nil {
		d.end()
	}
}
