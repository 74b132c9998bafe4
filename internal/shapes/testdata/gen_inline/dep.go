// gen_inline: constraints written in place, unions and combined ones.
// verdict: guarded
package gen_inline

import "context"

//shape:args Dep string,int,float64,[]string,string

//guard:dependency
type Dep[
	K interface {
		~int | ~string
		comparable
	},
	N ~int | ~uint8,
	F float32 | float64,
	S ~[]E,
	E any,
] interface {
	Get(ctx context.Context, key K, n N) (F, error)
	Sort(ctx context.Context, list S, by func(a, b E) int) (S, error)
}
