// unknown_result: a destructive method whose result does not know its error yet.
// verdict: refused
// dep.go:14:2: Drop returns redis.Pipeliner, whose errors are not known yet, and cannot be refused: give it an error result, or leave it out of the interface
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
