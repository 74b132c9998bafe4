package guard

import (
	"context"
	"fmt"
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
	err   error              // how it has ended without one
}

// ended is the channel of what has ended before anybody waited.
var ended = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

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
	if d.armed == nil && d.look() != nil {
		return ended
	}
	if d.armed == nil {
		d.armed, d.end = context.WithDeadline(d.Context, d.at)
	}
	return d.armed.Done()
}

// Err implements [context.Context].
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.armed != nil {
		return d.armed.Err()
	}
	return d.look()
}

// look sees whether it has ended without a timer; then it stays so, whatever the clock says. Requires d.mu.
func (d *deadline) look() error {
	switch {
	case d.err != nil:
	case d.Context.Err() != nil:
		d.err = d.Context.Err()
	case !time.Now().Before(d.at):
		d.err = context.DeadlineExceeded
	}
	return d.err
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

// String names it as the standard contexts name themselves: printing it reads nothing that changes.
func (d *deadline) String() string { return fmt.Sprintf("%v.WithDeadline(%s)", d.Context, d.at) }

// cancel ends the call: whoever still waits is told.
func (d *deadline) cancel() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.end != nil {
		d.end()
	} else if d.look() == nil {
		d.err = context.Canceled
	}
}
