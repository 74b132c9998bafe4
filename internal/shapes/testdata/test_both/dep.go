// test_both: annotated interfaces in a package, in its tests and in its external tests.
// verdict: guarded
package test_both

import "context"

// Item is one.
type Item struct{ N int }

//guard:dependency
type Dep interface {
	Get(ctx context.Context, i Item) (Item, error)
}
