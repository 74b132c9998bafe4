// dot_import: types of packages that are imported with a dot.
// verdict: guarded
package dot_import

import (
	. "context"
	. "net/url"

	. "github.com/guardgen/guardgen/shapes/dot_import/lib"
)

//guard:dependency
type Dep interface {
	Get(ctx Context, u *URL, values Values) (Item, error)
	Put(ctx Context, Item Item, URL string) error
}
