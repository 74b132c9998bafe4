// workspace: an interface and types from another module of a workspace, which no go.mod requires.
// verdict: guarded
// layout: workspace
package workspace

import (
	"context"

	"example.com/lib"
)

//guard:dependency
type Dep interface {
	lib.Client
	Put(ctx context.Context, item *lib.Item) error
}
