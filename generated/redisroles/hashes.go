package redisroles

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:generate go run ../../cmd/guardgen

// Hashes is for values with fields, such as a session.
//
//guard:dependency name=redis key=key classify=classify wrapper=guardedHashes
type Hashes interface {
	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd

	// HGet returns the value of a field, and redis.Nil if there is none.
	HGet(ctx context.Context, key, field string) *redis.StringCmd

	// HMGet returns the values of fields, nil for those that are not there.
	HMGet(ctx context.Context, key string, fields ...string) *redis.SliceCmd

	// HGetAll returns all fields and their values, none if there is no such key.
	HGetAll(ctx context.Context, key string) *redis.MapStringStringCmd

	// HKeys returns the names of all fields.
	HKeys(ctx context.Context, key string) *redis.StringSliceCmd

	// HLen counts the fields.
	HLen(ctx context.Context, key string) *redis.IntCmd

	// HExists reports whether there is a field.
	HExists(ctx context.Context, key, field string) *redis.BoolCmd

	// HScan returns some fields and values, and where to go on. Its iterator fetches further ones from the client itself.
	HScan(ctx context.Context, key string, cursor uint64, match string, count int64) *redis.ScanCmd

	// HSet sets fields: pairs of a name and a value, a map or a struct.
	HSet(ctx context.Context, key string, values ...any) *redis.IntCmd

	// HSetNX sets a field if it is not there.
	HSetNX(ctx context.Context, key, field string, value any) *redis.BoolCmd

	// HIncrBy adds to the number in a field.
	HIncrBy(ctx context.Context, key, field string, incr int64) *redis.IntCmd

	// HExpire lets fields expire. With a time that is not positive it deletes them.
	//
	//guard:destructive when=expiresFields budget=none
	HExpire(ctx context.Context, key string, expiration time.Duration, fields ...string) *redis.IntSliceCmd

	// HDel deletes fields, and the key with the last of them.
	//
	//guard:destructive budget=none
	HDel(ctx context.Context, key string, fields ...string) *redis.IntCmd
}

var _ Hashes = redis.Cmdable(nil)

// expiresFields reports whether HExpire deletes at once.
func expiresFields(_ context.Context, _ string, expiration time.Duration, _ ...string) bool {
	return expiration <= 0
}
