package rediscmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/guardgen/guardgen/generated/internal/client"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
	"github.com/redis/go-redis/v9"
)

// Version is that of the go-redis which the package is written for.
const Version = "9.23.0"

// New puts a client behind the guard of redis in registry: a *redis.Client, a cluster, ring or sentinel client, with a guard
// at its hooks, whose name, policy and probe are taken over. Options change what the annotations say.
//
// It returns an error that says what to do if the client has no such guard (see [WithoutHook]) or one of another registry,
// if it is nil or closed, if it is a pipeline of whatever kind, or guarded by New already.
func New(registry *guard.HealthRegistry, redisClient redis.Cmdable, options ...guard.Option) (Cmdable, error) {
	if _, twice := redisClient.(*guardedCmdable); twice {
		return nil, errors.New("rediscmd: the client is guarded already: use it as it is")
	}
	joined, err := client.Options(registry, redisClient, options)
	if err != nil {
		return nil, fmt.Errorf("rediscmd: %w", err)
	}
	if !client.IsGuarded(redisClient) && !isWithoutHook(options) {
		return nil, fmt.Errorf("rediscmd: %T has no guard at its hooks, so that its pipelines would go round the gate: "+
			"call goredis.Guard(registry, client) first, or pass rediscmd.WithoutHook()", redisClient)
	}
	wrapper, err := newGuardedCmdable(registry, redisClient, joined...)
	if err != nil {
		return nil, err
	}
	return wrapper, nil
}

// WithoutHook lets [New] take a client without a guard at its hooks: what its pipelines, transactions, scripts and iterators
// destroy goes round the gate, and of their failures nobody learns.
func WithoutHook() guard.Option { return withoutHook{none} }

// withoutHook is an option that changes nothing.
type withoutHook struct{ guard.Option }

var none = guard.WithPolicy(nil)

func classify(ctx context.Context, err error) guard.Outcome { return goredis.Classify(ctx, err) }

func isWithoutHook(options []guard.Option) bool {
	return slices.ContainsFunc(options, func(o guard.Option) bool { _, ok := o.(withoutHook); return ok })
}
