// in_generic_struct: interfaces inside generic types and functions, which are none of guardgen's.
// verdict: guarded
package in_generic_struct

import "context"

// Holder holds an interface without a name.
type Holder[T any] struct {
	Client interface {
		Get(ctx context.Context, v T) error
	}
}

// Local has an interface of its own.
func Local() any {
	type Dep interface{ Get(int) error }
	var d Dep
	return d
}

//guard:dependency
type Dep interface {
	Get(ctx context.Context, h Holder[int], p *Holder[string]) error
}

type client[T any] struct{}

// Get gets.
func (client[T]) Get(context.Context, T) error { return nil }

func samples() []any { return []any{client[int]{}, client[string]{}} }
