// Package words is a golden for a package that declares names which Go predeclares.
package words

import (
	"context"

	"github.com/redis/go-redis/v9"
)

type (
	any   struct{}
	error int
	byte  string
)

var nil, true, new, false, iota = 1, 2, 3, 4, 5

// Words has parameters of types that this package has no names for.
//
//guard:dependency name=words optional key=id
type Words interface {
	Target(ctx context.Context, id *Target) *redis.StatusCmd //guard:call key=id:id.Name
	Data(ctx context.Context, data []uint8, a any, e error, b byte) *redis.StatusCmd
	redis.Scripter
}

// Target is a target.
type Target struct{ Name string }
