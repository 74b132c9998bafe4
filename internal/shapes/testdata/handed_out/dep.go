// handed_out: a result through which a destructive method can be called.
// verdict: refused: unguarded
package handed_out

import "context"

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) error
	Begin(ctx context.Context) (Tx, error)
}

// Tx can drop, too.
type Tx interface {
	Drop(ctx context.Context, k string) error
	Commit(ctx context.Context) error
}
