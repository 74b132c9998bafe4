// alias_err: error by other names, and interfaces that every error has.
// verdict: guarded
package alias_err

import (
	"context"

	"github.com/guardgen/guardgen/shapes/alias_err/lib"
)

// Failure is an alias.
type Failure = error

// Problem has what an error has.
type Problem interface{ Error() string }

// Fault is defined by it.
type Fault error

//guard:dependency
type Dep interface {
	A(ctx context.Context) Failure
	B(ctx context.Context) (int, lib.Error)
	C(ctx context.Context) (string, Problem)
	D(ctx context.Context) Fault
	E(ctx context.Context) (n int, err interface{ Error() string })
	F(ctx context.Context) interface{ error }
	G(ctx context.Context) (Problem, error, Fault)
	//guard:probe
	H(ctx context.Context) Problem
}
