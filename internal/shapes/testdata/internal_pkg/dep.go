// internal_pkg: types of internal packages that may be imported.
// verdict: guarded
package internal_pkg

import (
	"context"

	"github.com/guardgen/guardgen/shapes/internal_pkg/internal/hidden"
)

//guard:dependency
type Dep interface {
	hidden.Base
	Get(ctx context.Context, i hidden.Item) (*hidden.Item, error)
}
