// carrier_and_error: a result that carries its error beside an error.
// verdict: guarded
package carrier_and_error

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//guard:dependency
type Dep interface {
	A(ctx context.Context) (*redis.StringCmd, error)
}
