// iter_destructive: destructive and heavy methods whose errors only an iterator yields, where guardgen does not observe them.
// verdict: refused
// dep.go:17:2: Drop returns iter.Seq2[string, error], whose errors guardgen observes only where it is the only result or stands beside an error, and cannot be refused: give it an error result, or leave it out of the interface
// dep.go:19:2: Scan returns iter.Seq2[string, *APIError], where guardgen observes the errors of an iter.Seq2[T, error] only, and cannot be refused: give it an error result, or leave it out of the interface
// dep.go:21:2: Read returns iter.Seq2[string, *APIError], where guardgen observes the errors of an iter.Seq2[T, error] only, and passes unguarded, so that //guard:call has no effect: return that, alone or beside an error, or write //guard:skip
package iter_destructive

import (
	"context"
	"iter"
)

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k string) error

	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) (iter.Seq2[string, error], int)
	//guard:heavy
	Scan(ctx context.Context) iter.Seq2[string, *APIError]
	//guard:call refuse=refused
	Read(ctx context.Context) iter.Seq2[string, *APIError]
}

// APIError is one.
type APIError struct{ Code int }

// Error is its text.
func (e *APIError) Error() string { return "code" }

func refused(error) *APIError { return &APIError{503} }
