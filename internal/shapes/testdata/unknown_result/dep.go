// unknown_result: a destructive method whose result does not know its error yet.
// verdict: refused: cannot be refused
package unknown_result

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//guard:dependency
type Dep interface {
	//guard:destructive budget=none key=k
	Drop(ctx context.Context, k string) redis.Pipeliner
}
