// gen_defined: a generic type defined by another, in another package, too.
// verdict: guarded
package gen_defined

import (
	"context"

	"github.com/guardgen/guardgen/shapes/gen_defined/base"
)

// Base is generic.
type Base[K comparable, V any] interface {
	Get(ctx context.Context, key K) (V, error)
}

//shape:args Dep string
//shape:args Far int

//guard:dependency
type Dep[K comparable] Base[K, map[K]int]

//guard:dependency name=far
type Far[T ~int] base.Far[T, []T]
