// func_local: an annotated interface inside a function.
// verdict: refused
// dep.go:10:2: //guard:dependency has no effect here: nothing inside a function has a wrapper: declare types outside of Local
package func_local

import "context"

// Local has an interface of its own.
func Local() any {
	//guard:dependency
	type Dep interface {
		Get(ctx context.Context) error
	}
	var d Dep
	return d
}
