// no_err: methods that report no error.
// verdict: guarded
package no_err

import "context"

//shape:unguarded Dep Len Stats Reset Set
//shape:unguarded Only Len Do

//guard:dependency
type Dep interface {
	Len() int
	Stats(ctx context.Context) (hits, misses int)
	Set(ctx context.Context, k, v string, more ...any)
	Get(ctx context.Context) error
	//guard:safe
	Reset()
}

//guard:dependency name=only
type Only interface {
	Len() int
	Do(g, next string)
}
