package redisroles

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Sets is for sets of members, such as the topics of a session.
//
//guard:dependency name=redis key=key classify=classify wrapper=guardedSets
type Sets interface {
	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd

	// SIsMember reports whether member is in the set.
	SIsMember(ctx context.Context, key string, member any) *redis.BoolCmd

	// SMIsMember reports for each of members whether it is in the set.
	SMIsMember(ctx context.Context, key string, members ...any) *redis.BoolSliceCmd

	// SMembers returns all members.
	SMembers(ctx context.Context, key string) *redis.StringSliceCmd

	// SCard counts the members.
	SCard(ctx context.Context, key string) *redis.IntCmd

	// SRandMemberN returns count members, drawn at random.
	SRandMemberN(ctx context.Context, key string, count int64) *redis.StringSliceCmd

	// SScan returns some members, and where to go on. Its iterator fetches further ones from the client itself.
	SScan(ctx context.Context, key string, cursor uint64, match string, count int64) *redis.ScanCmd

	// SAdd adds members.
	SAdd(ctx context.Context, key string, members ...any) *redis.IntCmd

	// SPop takes out a member, drawn at random, and returns it.
	SPop(ctx context.Context, key string) *redis.StringCmd

	// SRem removes members, and the key with the last of them.
	//
	//guard:destructive budget=none
	SRem(ctx context.Context, key string, members ...any) *redis.IntCmd
}

var _ Sets = redis.Cmdable(nil)
