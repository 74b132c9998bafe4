// empty_struct: a struct without exported methods.
// verdict: refused
// dep.go:9:6: Dep is a struct without exported methods, so that there is nothing to guard: annotate the type that makes the calls
package empty_struct

import "context"

//guard:dependency
type Dep struct{ n int }

func (d *Dep) get(ctx context.Context) error { return nil }
