package redisroles

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Streams is for topics with consumer groups. What waits for entries, XRead and XReadGroup, has no deadline of the policy.
//
//guard:dependency name=redis key=key,key:stream classify=classify wrapper=guardedStreams
type Streams interface {
	// Ping asks the server for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) *redis.StatusCmd

	// XAdd adds an entry. That it drops others, where a.MaxLen or a.MinID say so, does not make it destructive: a gate that
	// is shut after each start would stop all publishing.
	//
	//guard:call key=key:a.Stream
	XAdd(ctx context.Context, a *redis.XAddArgs) *redis.StringCmd

	// XLen counts the entries.
	XLen(ctx context.Context, stream string) *redis.IntCmd

	// XRange returns the entries from start to stop.
	//
	//guard:heavy
	XRange(ctx context.Context, stream, start, stop string) *redis.XMessageSliceCmd

	// XRangeN returns the first count entries from start to stop.
	XRangeN(ctx context.Context, stream, start, stop string, count int64) *redis.XMessageSliceCmd

	// XRevRangeN returns the last count entries from start to stop, the last one first; start is the higher one.
	XRevRangeN(ctx context.Context, stream, start, stop string, count int64) *redis.XMessageSliceCmd

	// XRead returns what is new in streams.
	//
	//guard:call timeout=none
	XRead(ctx context.Context, a *redis.XReadArgs) *redis.XStreamSliceCmd

	// XReadGroup delivers what is new in streams to a consumer.
	//
	//guard:call timeout=none
	XReadGroup(ctx context.Context, a *redis.XReadGroupArgs) *redis.XStreamSliceCmd

	// XAck says that entries are done. They stay in the stream.
	XAck(ctx context.Context, stream, group string, ids ...string) *redis.IntCmd

	// XPending counts what is delivered and not acknowledged.
	XPending(ctx context.Context, stream, group string) *redis.XPendingCmd

	// XPendingExt lists what is delivered and not acknowledged.
	//
	//guard:call key=key:a.Stream
	XPendingExt(ctx context.Context, a *redis.XPendingExtArgs) *redis.XPendingExtCmd

	// XClaim delivers to a consumer what another one did not acknowledge.
	//
	//guard:call key=key:a.Stream
	XClaim(ctx context.Context, a *redis.XClaimArgs) *redis.XMessageSliceCmd

	// XAutoClaim is XClaim for whatever was idle for long.
	//
	//guard:call key=key:a.Stream
	XAutoClaim(ctx context.Context, a *redis.XAutoClaimArgs) *redis.XAutoClaimCmd

	// XInfoGroups returns the groups of a stream.
	XInfoGroups(ctx context.Context, key string) *redis.XInfoGroupsCmd

	// XGroupCreateMkStream makes a group, and the stream if there is none.
	XGroupCreateMkStream(ctx context.Context, stream, group, start string) *redis.StatusCmd

	// XDel deletes entries.
	//
	//guard:destructive budget=none
	XDel(ctx context.Context, stream string, ids ...string) *redis.IntCmd

	// XTrimMaxLen deletes all entries but the last maxLen.
	//
	//guard:destructive budget=none
	XTrimMaxLen(ctx context.Context, key string, maxLen int64) *redis.IntCmd

	// XTrimMinID deletes the entries before minID.
	//
	//guard:destructive budget=none
	XTrimMinID(ctx context.Context, key, minID string) *redis.IntCmd

	// XGroupDelConsumer removes a consumer, and what it did not acknowledge is nobody's any more.
	//
	//guard:destructive budget=60/1m
	XGroupDelConsumer(ctx context.Context, stream, group, consumer string) *redis.IntCmd

	// XGroupDestroy removes a group, with all that is not acknowledged.
	//
	//guard:destructive budget=10/1m
	XGroupDestroy(ctx context.Context, stream, group string) *redis.IntCmd
}

var _ Streams = redis.Cmdable(nil)
