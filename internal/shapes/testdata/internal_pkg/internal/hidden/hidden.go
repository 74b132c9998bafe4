// Package hidden is internal, and has an annotated interface of its own.
package hidden

import "context"

// Item is one.
type Item struct{ N int }

// Base is embedded.
type Base interface {
	Put(ctx context.Context, i Item) error
}

//guard:dependency name=hidden
type Dep interface {
	Base
}
