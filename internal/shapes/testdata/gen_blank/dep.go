// gen_blank: a type parameter without a name.
// verdict: guarded
package gen_blank

import "context"

//shape:args Dep int,string,bool

//guard:dependency
type Dep[_ any, K comparable, _ any] interface {
	Get(ctx context.Context, key K) error
}
