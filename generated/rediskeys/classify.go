package rediskeys

import (
	"context"
	"errors"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// Classify judges the errors of go-redis. What the server says of a command is its own answer, a success: no such key, a
// wrong type. That it cannot serve anybody now is a failure, and so is whatever is no reply at all. What it does for others
// and not for us, a refused write, a missing permission, a full pool, degrades: the server is there, but the call left no
// trace, so that nobody may be taken for dead because of it.
func Classify(ctx context.Context, err error) guard.Outcome {
	switch {
	case errors.Is(err, redis.Nil):
		return guard.OutcomeSuccess
	case redis.IsReadOnlyError(err), redis.IsOOMError(err), redis.IsNoReplicasError(err), redis.HasErrorPrefix(err, "MISCONF "),
		redis.IsPermissionError(err), errors.Is(err, redis.ErrPoolTimeout):
		return guard.OutcomeDegraded
	case redis.IsLoadingError(err), redis.IsMasterDownError(err), redis.IsClusterDownError(err), redis.IsTryAgainError(err),
		redis.IsAuthError(err), redis.IsMaxClientsError(err), redis.HasErrorPrefix(err, "BUSY "):
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
