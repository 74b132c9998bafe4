// func_type: a function type.
// verdict: refused: interface
package func_type

import "context"

//guard:dependency
type Dep func(ctx context.Context) error
