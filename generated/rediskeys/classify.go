package rediskeys

import (
	"context"
	"errors"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// Classify judges the errors of go-redis. What the server says of a command is its own answer, a success: no such key, a
// wrong type, no permission. That it cannot serve anybody now is a failure, and so is whatever is no reply at all. A
// refused write and a full pool degrade: the server is there.
func Classify(ctx context.Context, err error) guard.Outcome {
	switch {
	case errors.Is(err, redis.Nil):
		return guard.OutcomeSuccess
	case redis.IsReadOnlyError(err), redis.IsOOMError(err), redis.IsNoReplicasError(err), redis.HasErrorPrefix(err, "MISCONF "),
		errors.Is(err, redis.ErrPoolTimeout):
		return guard.OutcomeDegraded
	case redis.IsLoadingError(err), redis.IsMasterDownError(err), redis.IsClusterDownError(err), redis.IsTryAgainError(err),
		redis.IsAuthError(err), redis.HasErrorPrefix(err, "BUSY "):
		return guard.OutcomeFailure
	case errors.Is(err, redis.ErrClosed):
		return guard.OutcomeIgnored
	}
	var reply redis.Error
	if errors.As(err, &reply) {
		return guard.OutcomeSuccess
	}
	return guard.Classify(ctx, err)
}
