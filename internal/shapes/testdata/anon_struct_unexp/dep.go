// anon_struct_unexp: structs without a name and with unexported fields.
// verdict: guarded
package anon_struct_unexp

import "context"

type base struct{ n int }

//guard:dependency
type Dep interface {
	A(ctx context.Context, req struct {
		name string
		base
		_ int
	}) (struct{ ok bool }, error)
}
