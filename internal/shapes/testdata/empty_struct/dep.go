// empty_struct: a struct without exported methods.
// verdict: refused: without exported methods
package empty_struct

import "context"

//guard:dependency
type Dep struct{ n int }

func (d *Dep) get(ctx context.Context) error { return nil }
