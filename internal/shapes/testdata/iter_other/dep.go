// iter_other: iterators whose errors guardgen does not observe: beside a result that is no error, and in another form.
// verdict: guarded
package iter_other

import (
	"context"
	"iter"
)

// APIError is one.
type APIError struct{ Code int }

// Error is its text.
func (e *APIError) Error() string { return "code" }

//shape:unguarded Dep Counted Single Custom

//guard:dependency
type Dep interface {
	Counted(ctx context.Context) (iter.Seq2[string, error], int)
	Single(ctx context.Context) iter.Seq[error]
	Custom(ctx context.Context) iter.Seq2[string, *APIError]
	Get(ctx context.Context) error
}
