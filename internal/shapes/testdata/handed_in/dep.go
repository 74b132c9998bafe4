// handed_in: a callback through whose parameter a destructive method can be called.
// verdict: refused
// dep.go:12:2: gives its callback Dep unguarded: InTx; what is called on it passes the gate by: put it behind a wrapper of its own, or write //guard:safe if that is right
package handed_in

import "context"

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) error
	InTx(ctx context.Context, fn func(tx Dep) error) error
}
