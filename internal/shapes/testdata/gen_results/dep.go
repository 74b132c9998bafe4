// gen_results: generic types of the parameters in results.
// verdict: guarded
package gen_results

import "context"

// Page is a page.
type Page[T any] struct{ Items []T }

// Opt is a value or none.
type Opt[T any] struct {
	Value T
	Valid bool
}

//shape:args Dep string,int

//guard:dependency
type Dep[K comparable, V any] interface {
	List(ctx context.Context, after Opt[K]) (Page[V], error)
	Index(ctx context.Context) (map[K][]Opt[V], error)
	First(ctx context.Context) (*Opt[K], Page[Page[V]], error)
}
