// Package rediskeys is a ready-made guarded wrapper for what most services use of go-redis: strings, their expiry, and
// deletion.
//
//	keys, err := rediskeys.NewGuardedKeys(registry, client)
//
// client is a *redis.Client, a cluster, ring or sentinel client, made with the options that [goredis.Recommended] sets: with
// the defaults a deadline does not bound a command, and the breaker learns late. Commands that go round the wrapper
// (pipelines, scripts, Do) are guarded only if [goredis.Guard] guards the client, too. Package redisroles has more roles.
package rediskeys

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:generate go run ../../cmd/guardgen

// Keys is a part of redis.Cmdable.
//
//guard:dependency name=redis key=key:keys,key classify=Classify wrapper=guardedKeys
type Keys interface {
	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd

	// Get returns the value of key, and redis.Nil if there is none.
	Get(ctx context.Context, key string) *redis.StringCmd

	// Set sets the value of key, and its expiry unless that is 0.
	Set(ctx context.Context, key string, value any, expiration time.Duration) *redis.StatusCmd

	// SetNX sets the value of key if there is none.
	SetNX(ctx context.Context, key string, value any, expiration time.Duration) *redis.BoolCmd

	// Incr adds one to the value of key.
	Incr(ctx context.Context, key string) *redis.IntCmd

	// Exists counts those of keys that exist.
	Exists(ctx context.Context, keys ...string) *redis.IntCmd

	// TTL returns the time until key expires.
	TTL(ctx context.Context, key string) *redis.DurationCmd

	// Expire lets key expire. With a time that is not positive it deletes it.
	//
	//guard:destructive when=deletes budget=60/1m
	Expire(ctx context.Context, key string, expiration time.Duration) *redis.BoolCmd

	// MGet returns the values of keys.
	//
	//guard:heavy
	MGet(ctx context.Context, keys ...string) *redis.SliceCmd

	// Del deletes keys.
	//
	//guard:destructive budget=60/1m
	Del(ctx context.Context, keys ...string) *redis.IntCmd

	// Unlink deletes keys, and frees their memory later.
	//
	//guard:destructive budget=60/1m
	Unlink(ctx context.Context, keys ...string) *redis.IntCmd
}

var _ Keys = redis.Cmdable(nil)

// deletes reports whether Expire deletes at once.
func deletes(_ context.Context, _ string, expiration time.Duration) bool { return expiration <= 0 }
