// blank_method: a method named _.
// verdict: refused
// dep.go:10:2: methods must have a unique non-blank name
package blank_method

import "context"

//guard:dependency
type Dep interface {
	_(ctx context.Context) error
	Get(ctx context.Context) error
}
