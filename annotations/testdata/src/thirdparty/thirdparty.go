// Package thirdparty annotates interfaces of other packages by embedding them.
package thirdparty

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/annotations/testdata/src/thirdparty/base"
)

// Redis is what the service uses of go-redis.
//
/* want "warning: results that carry their error, such as that of Command" */ //guard:dependency name=cache key=keys,key
type Redis interface {
	//guard:skip Pipeline TxPipeline
	//guard:safe Pipelined TxPipelined
	//guard:call Scan timeout=none
	redis.Cmdable                              /* want "warning: destructive by its name, but not annotated: FlushAll, FlushAllAsync, FlushDBAsync, Shutdown, ShutdownSave, ShutdownNoSave, DelExArgs; write" "warning: destructive without a key: FlushDB; " "warning: destructive without budget=: Unlink, FlushDB, Del; at most" */ //guard:destructive Del Unlink FlushDB
	Ping(ctx context.Context) *redis.StatusCmd //guard:probe
}

// Mixed embeds from two packages, and says more about what they say.
//
//guard:dependency name=mixed optional
//guard:safe Reset
type Mixed interface {
	First(ctx context.Context) error
	base.Store[int] //guard:call Get timeout=3s
	local
	// Put is declared here too.
	Put(ctx context.Context, key string, value int) error
	Last(ctx context.Context) error
}

// local is not annotated, but what stands in it counts where it is embedded.
type local interface {
	//guard:heavy
	Scan(ctx context.Context) ([]string, error)
	Reset(ctx context.Context) error
}
