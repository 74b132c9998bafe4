// custom_err: custom error types without refuse=, which pass with a warning.
// verdict: guarded
package custom_err

import (
	"context"
	"net"
	"syscall"
)

// APIError is one.
type APIError struct{ Code int }

// Error is its text.
func (e *APIError) Error() string { return "code" }

//shape:unguarded Dep Get Dial Raw

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k string) *APIError
	Dial(ctx context.Context) (int, net.Error)
	Raw(ctx context.Context, n uintptr) syscall.Errno
	Put(ctx context.Context) error
}
