// pkgname_differs: a package named unlike its folder, which imports others that are.
// verdict: guarded
package odd

import (
	"context"

	"github.com/guardgen/guardgen/shapes/pkgname_differs/dir-v2"
	any2 "github.com/guardgen/guardgen/shapes/pkgname_differs/go-any"
)

//guard:dependency
type Dep interface {
	Get(ctx context.Context, i strange.Item, v interface{}) (any2.Any, error)
}
