// elsewhere_broken: a parse error in the package.
// verdict: refused
// dep.go:13:14: expected ')', found '{'
package elsewhere_broken

import "context"

//guard:dependency
type Dep interface {
	Get(ctx context.Context) error
}

func broken( {
