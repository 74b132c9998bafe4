// gen_union: a named union and comparable as constraints.
// verdict: guarded
package gen_union

import "context"

// Number is a number.
type Number interface {
	~int | ~int64 | float64
}

// Celsius is a Number.
type Celsius int

//shape:args Dep Celsius,string

//guard:dependency
type Dep[N Number, K comparable] interface {
	Sum(ctx context.Context, values ...N) (N, error)
	Find(ctx context.Context, key K) (map[K]N, error)
}
