// shadow_predeclared: the package redefines what Go predeclares, and the interface uses its own.
// verdict: guarded
package shadow_predeclared

import "context"

// These are not Go's.
type (
	string struct{ n int }
	bool   int
	any    interface{ Own() }
)

func new(n int) int { return n }

func append() {}

var len = 1

//guard:dependency
type Dep interface {
	Own(ctx context.Context, s string, b bool) (*string, error)
	Free(a []bool) (map[bool]string, error)
}
