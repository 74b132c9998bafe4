package guard

import (
	"errors"
	"time"
)

// heed notes for how long a failed call says that asking again makes no sense: an error with a method RetryAfter, such as
// that of a 429 or 503 of HTTP. A breaker that opens before the next success does not try earlier, though never later than
// the longest delay of the policy: nobody can keep it shut by asking. Calls the user's code, so that it must not be called
// under a lock.
func (d *Dependency) heed(err error) {
	defer func() { _ = recover() }() // an error that panics says nothing
	hint, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err)
	if !ok {
		return
	}
	wait := min(hint.RetryAfter(), d.policy.Backoff.Max)
	if wait <= 0 {
		return
	}
	until := int64(d.registry.clock.now().add(wait))
	for {
		old := d.askedFor.Load()
		if old >= until || d.askedFor.CompareAndSwap(old, until) {
			return
		}
	}
}
