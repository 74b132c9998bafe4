// third_party: redis.UniversalClient, all 630 methods.
// verdict: guarded
package third_party

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

//shape:unguarded Redis Pipeline TxPipeline AddHook PoolStats

//guard:dependency name=redis classify=outcome
//guard:skip Subscribe PSubscribe SSubscribe Close
type Redis interface {
	redis.UniversalClient
}

func outcome(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }

type hook struct{ redis.Hook }

type piper struct{ redis.Pipeliner }

type script struct{ redis.Scripter }

func samples() []any {
	return []any{&hook{}, &piper{}, &script{}, &redis.VectorFP32{}, redis.NewCmd(context.Background(), "a"), fmt.Errorf("sample")}
}
