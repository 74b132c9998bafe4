// gen_extconstraint: constraints from other packages.
// verdict: guarded
package gen_extconstraint

import (
	"cmp"
	"context"
	"fmt"

	"github.com/guardgen/guardgen/shapes/gen_extconstraint/limits"
)

// Text is a Stringer.
type Text string

// String returns the text.
func (t Text) String() string { return string(t) }

//shape:args Dep Text,int,uint8

//guard:dependency
type Dep[S fmt.Stringer, O cmp.Ordered, L limits.Small[O]] interface {
	Get(ctx context.Context, s S, o O) (L, error)
}
