// iter_error: iterators that yield errors, as the only result and beside an error.
// verdict: guarded
package iter_error

import (
	"context"
	"iter"
)

// Item is one.
type Item struct{ N int }

// Rows is a defined iterator.
type Rows iter.Seq2[*Item, error]

// Alias is one by another name.
type Alias = iter.Seq2[string, error]

//guard:dependency key=name
type Dep interface {
	Rows(ctx context.Context, name string, limit int) iter.Seq2[Item, error]
	Defined(ctx context.Context) Rows
	Func(ctx context.Context) func(yield func(string, error) bool)
	Aliased(a, b string) Alias
	//guard:heavy
	Heavy(ctx context.Context, names ...string) (rows iter.Seq2[[]byte, error])
	//guard:destructive budget=none
	Drain(ctx context.Context, name string) iter.Seq2[Item, error]
	Both(ctx context.Context, name string) (iter.Seq2[Item, error], error)
	More(ctx context.Context) (n int, rows Rows, err error)
}
