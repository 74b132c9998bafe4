// handed_safe: clients that are handed out, and the author knows.
// verdict: guarded
package handed_safe

import "context"

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) error
	//guard:safe
	InTx(ctx context.Context, fn func(tx Dep) error) error
	//guard:skip
	Begin(ctx context.Context) (Dep, error)
}

type client struct{ Dep }

func samples() []any { return []any{&client{}} }
