// Package carried is a golden for results that carry their error, as the commands of go-redis do, that of the probe too.
package carried

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Reply is a result of our own that carries its error.
type Reply[V any] struct {
	Value V
	err   error
}

// SetErr sets the error.
func (r *Reply[V]) SetErr(err error) { r.err = err }

// Err returns the error.
func (r *Reply[V]) Err() error { return r.err }

// Redis is the part of Redis that is used here.
//
//guard:dependency name=commands
type Redis interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	//guard:call timeout=500ms
	Ping(ctx context.Context) *redis.StatusCmd

	Get(ctx context.Context, key string) *redis.StringCmd

	//guard:heavy
	Scan(ctx context.Context, cursor uint64, match string, count int64) *redis.ScanCmd

	//guard:destructive key=redis:keys budget=none
	Del(ctx context.Context, keys ...string) *redis.IntCmd

	Expire(ctx context.Context, key string, expiration time.Duration) (done *redis.BoolCmd)

	Own(ctx context.Context, redis string, new int) *Reply[map[string]int]
}
