// gen_struct_args: instantiations with types that have no name.
// verdict: guarded
package gen_struct_args

import "context"

// Box holds anything.
type Box[T any] struct{ V T }

//guard:dependency
type Dep interface {
	A(ctx context.Context, b Box[struct {
		N int `json:"n"`
	}]) (Box[func(int) error], error)
	B(ctx context.Context, b *Box[map[string][]Box[chan int]]) (Box[interface{ Len() int }], error)
	C(ctx context.Context, b Box[[4]*Box[any]]) error
}

type list []int

// Len counts.
func (l list) Len() int { return len(l) }

func samples() []any { return []any{list{1}, list{1, 2}} }
