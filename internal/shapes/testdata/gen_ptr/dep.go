// gen_ptr: a pointer in a constraint.
// verdict: guarded
package gen_ptr

import "context"

// Item can be reset.
type Item struct{ N int }

// Reset resets.
func (i *Item) Reset() { i.N = 0 }

//shape:args Dep Item,*Item
//shape:args Only int,*int

//guard:dependency
type Dep[T any, P interface {
	*T
	Reset()
}] interface {
	Fill(ctx context.Context, into P) (T, error)
	All(ctx context.Context) ([]P, error)
}

//guard:dependency name=dep
type Only[T any, P interface{ *T }] interface {
	Read(ctx context.Context, into P) error
}
