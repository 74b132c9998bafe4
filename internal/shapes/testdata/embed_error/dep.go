// embed_error: embeds error, fmt.Stringer and context.Context: methods that report nothing.
// verdict: guarded
package embed_error

import (
	"context"
	"fmt"
)

//shape:unguarded Dep Error String Deadline Done Value

//guard:dependency
type Dep interface {
	error
	fmt.Stringer
	context.Context
	Get(ctx context.Context) error
}
