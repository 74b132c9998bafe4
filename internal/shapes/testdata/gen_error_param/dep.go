// gen_error_param: type parameters that hide error, any, new and a package that is needed.
// verdict: guarded
package gen_error_param

import (
	"context"
	"fmt"
)

// Failure is an error by another name.
type Failure = error

// Text is a Stringer.
type Text string

// String is the text.
func (t Text) String() string { return string(t) }

//shape:args Dep int,string,Text

//guard:dependency
type Dep[error interface{}, any comparable, new fmt.Stringer] interface {
	Get(ctx context.Context, a error, b any, c new) (error, Failure)
}
