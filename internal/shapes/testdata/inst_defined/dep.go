// inst_defined: a type defined by an instantiation.
// verdict: guarded
package inst_defined

import "context"

// Base is generic.
type Base[T any] interface {
	// Get gets.
	Get(ctx context.Context, key string) (T, error)
	// Drop drops.
	Drop(ctx context.Context, key string) error
}

//guard:dependency key=key
//guard:destructive Drop budget=none
type Dep Base[string]
