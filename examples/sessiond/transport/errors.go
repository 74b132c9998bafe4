package transport

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// ErrNoTopic is what Publish answers when the topic does not exist.
var ErrNoTopic = errors.New("no such topic")

// Classify tells the guard what an error says about Redis: most of the server's own answers prove that it works, some
// mean that it cannot serve, some that it will not do this for us; and our own pool being full is not its fault.
func Classify(ctx context.Context, err error) guard.Outcome {
	var answer redis.Error
	switch {
	case errors.Is(err, ErrNoTopic):
		return guard.OutcomeSuccess
	case errors.Is(err, redis.ErrClosed):
		return guard.OutcomeIgnored
	case errors.Is(err, redis.ErrPoolTimeout),
		redis.IsReadOnlyError(err), redis.IsOOMError(err), redis.IsNoReplicasError(err), redis.HasErrorPrefix(err, "MISCONF "),
		redis.IsPermissionError(err):
		return guard.OutcomeDegraded
	case redis.IsLoadingError(err), redis.IsMasterDownError(err), redis.IsClusterDownError(err), redis.IsTryAgainError(err),
		redis.IsAuthError(err), redis.IsMaxClientsError(err), redis.HasErrorPrefix(err, "BUSY "):
		return guard.OutcomeFailure
	case errors.As(err, &answer):
		return guard.OutcomeSuccess
	}
	return guard.Classify(ctx, err)
}
