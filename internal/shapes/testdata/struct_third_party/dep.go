// struct_third_party: redis.Client under a name of ours, with its own and its promoted methods; they are called while it is isolated only.
// verdict: guarded
package struct_third_party

import (
	"context"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

//shape:uncalled Dep

//guard:dependency name=redis classify=outcome
type Dep = redis.Client

func outcome(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }
