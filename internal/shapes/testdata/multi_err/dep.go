// multi_err: several error results, all of which are observed.
// verdict: guarded
package multi_err

import "context"

//guard:dependency
type Dep interface {
	A(ctx context.Context) (error, error)
	B(ctx context.Context, k string) (first error, n int, second error, ok bool)
	C() (_, _, _ error)
	//guard:destructive budget=none key=k
	D(ctx context.Context, k string) (warning, failure error)
}
