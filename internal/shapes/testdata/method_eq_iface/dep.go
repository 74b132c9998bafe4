// method_eq_iface: methods named like the interface and like its wrapper.
// verdict: guarded
package method_eq_iface

import "context"

//guard:dependency
type Dep interface {
	Dep(ctx context.Context, Dep string) error
	GuardedDep(ctx context.Context) (GuardedDep int, err error)
	NewGuardedDep(ctx context.Context) error
}
