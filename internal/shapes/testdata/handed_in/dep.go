// handed_in: a callback through whose parameter a destructive method can be called.
// verdict: refused: unguarded
package handed_in

import "context"

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) error
	InTx(ctx context.Context, fn func(tx Dep) error) error
}
