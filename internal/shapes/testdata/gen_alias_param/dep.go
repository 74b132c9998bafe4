// gen_alias_param: a parametrised alias in a parameter.
// verdict: guarded
package gen_alias_param

import "context"

// Set is a parametrised alias.
type Set[T comparable] = map[T]struct{}

// Pair is one of two.
type Pair[A, B any] = struct {
	First  A
	Second B
}

//guard:dependency
type Dep interface {
	Add(ctx context.Context, names Set[string]) error
	Get(ctx context.Context, id Pair[int, Set[string]]) (Pair[string, error], error)
}
