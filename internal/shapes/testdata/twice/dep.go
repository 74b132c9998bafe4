// twice: two wrappers of one name.
// verdict: refused: Client
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
