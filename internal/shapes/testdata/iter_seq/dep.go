// iter_seq: iterators without errors, which pass unless an error stands beside them.
// verdict: guarded
package iter_seq

import (
	"context"
	"iter"
)

//shape:unguarded Dep Keys Pairs

//guard:dependency
type Dep interface {
	Keys(ctx context.Context) iter.Seq[string]
	Pairs(ctx context.Context) iter.Seq2[string, int]
	Checked(ctx context.Context, from string) (iter.Seq[string], error)
	Takes(ctx context.Context, in iter.Seq2[string, error]) error
}
