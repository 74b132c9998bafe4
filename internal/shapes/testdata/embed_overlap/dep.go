// embed_overlap: the same method from two embedded interfaces, under other parameter names.
// verdict: guarded
package embed_overlap

import (
	"context"
	"io"
)

// Left has Get.
type Left interface {
	Get(ctx context.Context, key string) (string, error)
	io.Closer
}

// Right has it, too.
type Right interface {
	Get(c context.Context, name string) (value string, err error)
	io.Closer
}

//guard:dependency
//guard:skip Close
type Dep interface {
	Left
	Right
	Get(context.Context, string) (string, error)
}
