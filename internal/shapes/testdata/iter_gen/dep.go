// iter_gen: generic iterators, and names that hide what they need.
// verdict: guarded
package iter_gen

import (
	"context"
	"iter"
)

//shape:args Dep string,[]int

//guard:dependency
type Dep[K comparable, V any] interface {
	All(ctx context.Context, k K) iter.Seq2[V, error]
	Pages(ctx context.Context, yield, g, call, err, ctx2 K) (seq iter.Seq2[map[K]V, error])
	Of(iter K, context V) iter.Seq2[K, error]
}
