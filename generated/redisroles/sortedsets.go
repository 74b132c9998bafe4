package redisroles

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// SortedSets is for members with scores, such as deadlines.
//
//guard:dependency name=redis key=key classify=classify wrapper=guardedSortedSets
type SortedSets interface {
	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd

	// ZScore returns the score of member, and redis.Nil if there is no such member.
	ZScore(ctx context.Context, key, member string) *redis.FloatCmd

	// ZRank returns how many members have a lower score, and redis.Nil if there is no such member.
	ZRank(ctx context.Context, key, member string) *redis.IntCmd

	// ZCard counts the members.
	ZCard(ctx context.Context, key string) *redis.IntCmd

	// ZCount counts the members with scores from min to max.
	ZCount(ctx context.Context, key, min, max string) *redis.IntCmd

	// ZRange returns the members from start to stop, by rank.
	ZRange(ctx context.Context, key string, start, stop int64) *redis.StringSliceCmd

	// ZRangeWithScores is ZRange with the scores.
	ZRangeWithScores(ctx context.Context, key string, start, stop int64) *redis.ZSliceCmd

	// ZRangeByScore returns the members with some scores.
	ZRangeByScore(ctx context.Context, key string, opt *redis.ZRangeBy) *redis.StringSliceCmd

	// ZAdd adds members, and sets the scores of those that are there.
	ZAdd(ctx context.Context, key string, members ...redis.Z) *redis.IntCmd

	// ZAddNX adds members that are not there.
	ZAddNX(ctx context.Context, key string, members ...redis.Z) *redis.IntCmd

	// ZIncrBy adds to the score of member.
	ZIncrBy(ctx context.Context, key string, increment float64, member string) *redis.FloatCmd

	// ZPopMin takes out the members with the lowest scores, one or count[0], and returns them.
	ZPopMin(ctx context.Context, key string, count ...int64) *redis.ZSliceCmd

	// ZRem removes members, and the key with the last of them.
	//
	//guard:destructive budget=none
	ZRem(ctx context.Context, key string, members ...any) *redis.IntCmd

	// ZRemRangeByRank removes the members from start to stop, by rank.
	//
	//guard:destructive budget=none
	ZRemRangeByRank(ctx context.Context, key string, start, stop int64) *redis.IntCmd

	// ZRemRangeByScore removes the members with scores from min to max. For a reaper of deadlines, mind what outages do to
	// heartbeats: see registry.Silence.
	//
	//guard:destructive budget=none
	ZRemRangeByScore(ctx context.Context, key, min, max string) *redis.IntCmd
}

var _ SortedSets = redis.Cmdable(nil)
