package goredis

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// Closed reports whether a client has been closed. It sends nothing, and no hook sees it: a client that is asked for an
// auto-pipeline that there cannot be says first that it is closed. A ring, which has none to give, has no shards then.
func Closed(client redis.UniversalClient) bool {
	if ring, ok := client.(*redis.Ring); ok {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		return ring.Len() == 0 && errors.Is(ring.Ping(ctx).Err(), redis.ErrClosed)
	}
	_, err := client.AutoPipelineWithOptions(&redis.AutoPipelineOptions{MaxBatchSize: -1})
	return errors.Is(err, redis.ErrClosed)
}
