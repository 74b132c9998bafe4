// vendored: an interface and types from another module; from a vendor directory the same text is generated.
// verdict: guarded
// layout: vendor
package vendored

import (
	"context"

	"example.com/lib"
)

//guard:dependency
type Dep interface {
	lib.Client
	Put(ctx context.Context, item *lib.Item) error
}
