// custom_err_refuse: custom error types of every kind, with refuse=.
// verdict: guarded
package custom_err_refuse

import (
	"context"
	"net"
	"syscall"
)

// APIError is one.
type APIError struct {
	Code  int
	cause error
}

// Error is its text.
func (e *APIError) Error() string { return "code" }

// Unwrap is its cause.
func (e *APIError) Unwrap() error { return e.cause }

func refused(err error) *APIError { return &APIError{503, err} }

type unreachable struct{ error }

// Timeout is false.
func (unreachable) Timeout() bool { return false }

// Temporary is true.
func (unreachable) Temporary() bool { return true }

// Unwrap is its cause.
func (u unreachable) Unwrap() error { return u.error }

func asNet(err error) net.Error { return unreachable{err} }

// Code is a value.
type Code struct {
	N     int
	Cause error
}

// Error is its text.
func (c Code) Error() string { return "code" }

// Unwrap is its cause.
func (c Code) Unwrap() error { return c.Cause }

func asCode(err error) Code { return Code{503, err} }

// Wrapped is an interface of its own.
type Wrapped interface {
	error
	Unwrap() error
}

func asWrapped(err error) Wrapped { return Code{1, err} }

//guard:dependency refuse=refused
type Dep interface {
	Get(ctx context.Context, k string) (string, *APIError)
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) *APIError
	//guard:heavy
	Scan(ctx context.Context) ([]string, *APIError)
	//guard:call refuse=asNet
	Dial(ctx context.Context) (int, net.Error)
	//guard:call refuse=asCode
	Run(ctx context.Context, g, call string) (Code, bool)
	//guard:call refuse=asWrapped
	Wrap(err string) (refused Wrapped)
	Plain(ctx context.Context) error
}

var _ = syscall.EINVAL

func samples() []any {
	return []any{&net.DNSError{Err: "sample"}, Code{1, &APIError{}}}
}
