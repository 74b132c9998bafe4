// embed_anon: an interface embedded where it is written, in parentheses, and through aliases.
// verdict: guarded
package embed_anon

import "context"

// Alias is one.
type Alias = interface {
	C(ctx context.Context) error
}

//guard:dependency
type Dep interface {
	interface {
		A(ctx context.Context, n int) error
		interface{ B(ctx context.Context) error }
	}
	(Alias)
	any
}
