// undeclared: a type that is not declared, in a guarded signature.
// verdict: refused
// dep.go:10:29: undefined: Missing
package undeclared

import "context"

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k Missing) error
}
