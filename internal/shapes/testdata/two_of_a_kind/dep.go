// two_of_a_kind: parameters and results of the same type, which could be mistaken for each other.
// verdict: guarded
package two_of_a_kind

import "context"

//guard:dependency
type Dep interface {
	Move(ctx context.Context, from, to string) (left, right int, err error)
	Flags(ctx context.Context, a, b bool, c ...bool) (x, y bool, err error)
	//guard:heavy
	Scan(ctx context.Context, fns, more []func()) (<-chan int, <-chan int, error)
	//guard:destructive budget=none key=b
	Drop(ctx context.Context, a, b string) error
}
