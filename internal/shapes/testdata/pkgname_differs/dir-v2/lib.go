// Package strange is named unlike its folder.
package strange

import "context"

// Item is one.
type Item struct{ N int }

//guard:dependency name=strange
type Dep interface {
	Get(ctx context.Context, i Item) error
}
