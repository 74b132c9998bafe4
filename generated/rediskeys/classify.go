package rediskeys

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// Classify judges the errors of go-redis; see [goredis.Classify].
func Classify(ctx context.Context, err error) guard.Outcome { return goredis.Classify(ctx, err) }
