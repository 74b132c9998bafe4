// shadow_predeclared_carrier: the package redefines new, and a result carries its error.
// verdict: guarded
package shadow_predeclared_carrier

import (
	"context"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

type new struct{ n int }

func outcome(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }

//guard:dependency classify=outcome
type Dep interface {
	Get(ctx context.Context, n new) *redis.StringCmd
}
