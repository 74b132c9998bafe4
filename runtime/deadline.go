package guard

import (
	"context"
	"time"
)

// endsWithin reports whether ctx has a deadline that is no later than timeout from now.
func endsWithin(ctx context.Context, timeout time.Duration) bool {
	theirs, ok := ctx.Deadline()
	return ok && time.Until(theirs) <= timeout
}
