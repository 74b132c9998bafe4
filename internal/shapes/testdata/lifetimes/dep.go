// lifetimes: results that outlive the call, with a deadline for the rest.
// verdict: guarded
package lifetimes

import (
	"context"
	"io"
	"net/http"
)

//guard:dependency timeout=2s
type Dep interface {
	Get(ctx context.Context) (string, error)
	//guard:call timeout=none
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	//guard:call timeout=none
	Do(ctx context.Context, r *http.Request) (*http.Response, error)
	//guard:call timeout=none
	Watch(ctx context.Context) (<-chan string, error)
	//guard:call timeout=none
	Undo(ctx context.Context) (func() error, error)
}

type file struct{ io.ReadCloser }

func samples() []any { return []any{&file{}, &file{}} }
