// cgo: an interface in a file of cgo.
// verdict: guarded
package cgo

/*
static int one(void) { return 1; }
*/
import "C"

import "context"

// One is 1.
func One() int { return int(C.one()) }

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k string) (int, error)
}
