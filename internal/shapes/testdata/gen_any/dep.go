// gen_any: type parameters constrained by any.
// verdict: guarded
package gen_any

import "context"

// Item is what is stored.
type Item struct{ Name string }

//shape:args Dep string,*Item

//guard:dependency
type Dep[K, V any] interface {
	//guard:probe
	Ping(ctx context.Context) error
	Get(ctx context.Context, key K) (V, error)
	Put(ctx context.Context, key K, value V) error
	All(ctx context.Context) ([]K, map[string]V, error)
}
