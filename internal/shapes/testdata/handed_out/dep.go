// handed_out: a result through which a destructive method can be called.
// verdict: refused
// dep.go:12:2: returns Tx unguarded: Begin; what is called on it passes the gate by: put it behind a wrapper of its own, or write //guard:safe if that is right
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
