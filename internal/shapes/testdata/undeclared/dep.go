// undeclared: a type that is not declared, in a guarded signature.
// verdict: refused: undefined
package undeclared

import "context"

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k Missing) error
}
