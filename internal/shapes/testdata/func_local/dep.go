// func_local: an annotated interface inside a function.
// verdict: refused: inside a function
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
