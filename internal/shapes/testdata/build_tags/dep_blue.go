// build_tags: variants of an interface by build tag.
// verdict: guarded
// tags: blue

//go:build blue

package build_tags

import "context"

//guard:dependency
type Dep interface {
	Blue(ctx context.Context, k string) (int, error)
	Get(ctx context.Context, k Key) error
}
