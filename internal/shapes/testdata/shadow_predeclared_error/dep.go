// shadow_predeclared_error: the package redefines error, nil and true; Go's error comes by an embedded interface.
// verdict: guarded
package shadow_predeclared_error

import (
	"context"

	"github.com/guardgen/guardgen/shapes/shadow_predeclared_error/lib"
)

type error struct{ n int }

const (
	nil  = 1
	true = 2
)

//guard:dependency key=key
type Dep interface {
	lib.Client
	Own(ctx context.Context, e error) (error, lib.Failure)
	//guard:destructive budget=none
	Drop(ctx context.Context, key lib.Key) lib.Failure
}
