// unexp_iface: an unexported interface, and an exported one of the same name.
// verdict: guarded
package unexp_iface

import "context"

//guard:dependency
type dep interface {
	Get(ctx context.Context, k string) (string, error)
}

//guard:dependency name=dep
type Dep interface {
	Get(ctx context.Context, k string) (string, error)
}
