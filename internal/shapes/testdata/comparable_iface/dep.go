// comparable_iface: an interface that embeds comparable.
// verdict: refused: constraint
package comparable_iface

import "context"

//guard:dependency
type Dep interface {
	comparable
	Get(ctx context.Context) error
}
