// unexp_type: unexported types in signatures.
// verdict: guarded
package unexp_type

import "context"

type item struct{ n int }

type key string

type option func(*item)

type box[T any] struct{ v T }

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k key, options ...option) (*item, error)
	All(ctx context.Context) (map[key]item, error)
	Box(ctx context.Context, b box[item]) (box[*box[key]], error)
}
