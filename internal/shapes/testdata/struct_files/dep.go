// struct_files: a struct whose methods stand in several files, before and after it.
// verdict: guarded
package struct_files

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
)

// Put puts.
func (c *client) Put(ctx context.Context, key string) (err error) {
	c.r.Called("Put", ctx, key).Into(&err)
	return
}

// client is unexported.
//
//guard:dependency
type client struct{ r *exercise.Recorder }

func fakeClient(r *exercise.Recorder) *client { return &client{r} }
