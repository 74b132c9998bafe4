//go:build !blue

package build_tags

import "context"

//guard:dependency
type Dep interface {
	Plain(ctx context.Context, k string) (string, error)
	Get(ctx context.Context, k Key) error
}
