// twice: two wrappers of one name.
// verdict: refused
// dep.go:14:6: the wrapper of B needs the name Client, which is that of the wrapper of A: write wrapper= with another name
package twice

import "context"

//guard:dependency wrapper=Client
type A interface {
	Get(ctx context.Context) error
}

//guard:dependency name=b wrapper=Client
type B interface {
	Get(ctx context.Context) error
}
