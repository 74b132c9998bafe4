// pkg_named_guard: an annotated package named like the runtime.
// verdict: guarded
package guard

import "context"

// HealthRegistry, Method and Spec are names of the runtime, too.
type (
	HealthRegistry struct{ N int }
	Method         struct{ N int }
	Spec           struct{ N int }
)

//guard:dependency
type Dep interface {
	Get(ctx context.Context, m Method, s *Spec) (HealthRegistry, error)
}
