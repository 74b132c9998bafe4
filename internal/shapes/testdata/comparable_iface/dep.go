// comparable_iface: an interface that embeds comparable.
// verdict: refused
// dep.go:9:6: Dep is a constraint: no value has its type, so that there is nothing to guard: remove comparable from it
package comparable_iface

import "context"

//guard:dependency
type Dep interface {
	comparable
	Get(ctx context.Context) error
}
