// func_type: a function type.
// verdict: refused
// dep.go:9:6: Dep is neither an interface nor a struct, and only these have a wrapper: annotate an interface with the methods that make the calls
package func_type

import "context"

//guard:dependency
type Dep func(ctx context.Context) error
