// overlay: an interface that the overlay of an editor has already changed.
// verdict: guarded
// layout: overlay
package overlay

import "context"

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k string) error
}
