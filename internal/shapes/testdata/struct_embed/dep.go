// struct_embed: promoted methods: of structs, pointers, interfaces, generics, of other packages, and one that is hidden.
// verdict: guarded
package struct_embed

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/shapes/struct_embed/base"
)

// Reader reads.
type Reader interface {
	Read(ctx context.Context, name string) ([]byte, error)
}

type reader struct{ r *exercise.Recorder }

// Read reads.
func (r reader) Read(ctx context.Context, name string) (data []byte, err error) {
	r.r.Called("Read", ctx, name).Into(&data, &err)
	return
}

type inner struct{ r *exercise.Recorder }

// Inner is promoted from an unexported type.
func (i inner) Inner(ctx context.Context, n int) (err error) {
	i.r.Called("Inner", ctx, n).Into(&err)
	return
}

// Get is hidden by that of Client.
func (i inner) Get() string { return "" }

// Client embeds.
//
//guard:dependency
type Client struct {
	*base.Client //guard:destructive Drop budget=none key=name
	Reader
	inner
	base.Store[string, int]
	r *exercise.Recorder
}

func fakeClient(r *exercise.Recorder) *Client {
	return &Client{base.New(r), reader{r}, inner{r}, base.Store[string, int]{R: r}, r}
}

// Get hides another.
func (c *Client) Get(ctx context.Context, key string) (value string, err error) {
	c.r.Called("Get", ctx, key).Into(&value, &err)
	return
}
