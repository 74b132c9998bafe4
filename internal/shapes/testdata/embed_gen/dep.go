// embed_gen: embedded instantiations, nested and from another package.
// verdict: guarded
package embed_gen

import (
	"context"

	"github.com/guardgen/guardgen/shapes/embed_gen/base"
)

// Getter gets.
type Getter[K comparable, V any] interface {
	Get(ctx context.Context, key K) (V, error)
}

// Both has two of them.
type Both[T any] interface {
	Getter[string, T]
	base.Putter[T]
}

//shape:args Generic int

//guard:dependency
type Dep interface {
	Both[[]int]
	base.Lister[map[string]int] //guard:heavy List
}

//guard:dependency name=generic
type Generic[T any] interface {
	Both[*T]
	base.Lister[T]
}
