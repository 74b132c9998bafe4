// pkg_named_context: an annotated package named context, which imports the one of the standard library.
// verdict: guarded
package context

import "context"

// Context is its own.
type Context struct{ N int }

//guard:dependency
type Dep interface {
	Get(ctx context.Context, c Context) (*Context, error)
	Free(c Context) error
}
