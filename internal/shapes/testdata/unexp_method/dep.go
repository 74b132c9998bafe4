// unexp_method: unexported methods.
// verdict: guarded
package unexp_method

import "context"

//shape:unguarded Dep sealed

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k string) (string, error)
	put(ctx context.Context, k string, v int) error
	//guard:destructive key=k budget=none
	drop(ctx context.Context, k string) error
	sealed()
}
