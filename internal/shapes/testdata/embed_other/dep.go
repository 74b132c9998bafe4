// embed_other: embedded interfaces of other packages, of the standard library, too.
// verdict: guarded
package embed_other

import (
	"context"
	"io"
	"sort"

	"github.com/guardgen/guardgen/shapes/embed_other/base"
)

//shape:unguarded Dep Len Less Swap

//guard:dependency
type Dep interface {
	io.ReadWriteCloser //guard:skip Close
	base.Files         //guard:heavy List
	sort.Interface
	Sync(ctx context.Context) error
}
