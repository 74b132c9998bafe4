// iter_other: an iterator that yields errors beside another result, which passes.
// verdict: guarded
package iter_other

import (
	"context"
	"iter"
)

//shape:unguarded Dep Counted Single

//guard:dependency
type Dep interface {
	Counted(ctx context.Context) (iter.Seq2[string, error], int)
	Single(ctx context.Context) iter.Seq[error]
	Get(ctx context.Context) error
}
