// gen_alias_iface: a parametrised alias of a generic interface.
// verdict: guarded
package gen_alias_iface

import "context"

// Base is generic.
type Base[K comparable, V any] interface {
	Get(ctx context.Context, key K) (V, error)
}

//shape:args Dep string
//shape:args Turned int,string

//guard:dependency
type Dep[K comparable] = Base[K, []K]

//guard:dependency name=turned
type Turned[V any, K comparable] = Base[K, V]
