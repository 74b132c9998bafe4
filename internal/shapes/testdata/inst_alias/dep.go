// inst_alias: an alias of an instantiation.
// verdict: guarded
package inst_alias

import "context"

// Item is what is stored.
type Item struct{ Name string }

// Base is generic.
type Base[T any] interface {
	Get(ctx context.Context, key string) (T, error)
	Drop(ctx context.Context, key string) error
}

//guard:dependency key=key
//guard:destructive Drop budget=none
type Dep = Base[*Item]
