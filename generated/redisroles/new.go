package redisroles

import (
	"context"
	"fmt"

	clients "github.com/guardgen/guardgen/generated/internal/client"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// NewHashes puts client behind the guard of redis in registry; the name, the policy and the probe of a guard at its hooks
// are taken over. Options change them in code.
//
// It returns an error that says what to do if client is nil or closed, if it is a pipeline of whatever kind, or if a guard
// at its hooks belongs to another registry.
func NewHashes(registry *guard.HealthRegistry, client Hashes, options ...guard.Option) (Hashes, error) {
	return made(registry, client, newGuardedHashes, options)
}

// NewStreams puts client behind the guard of redis in registry. For its errors see [NewHashes].
func NewStreams(registry *guard.HealthRegistry, client Streams, options ...guard.Option) (Streams, error) {
	return made(registry, client, newGuardedStreams, options)
}

// NewSets puts client behind the guard of redis in registry. For its errors see [NewHashes].
func NewSets(registry *guard.HealthRegistry, client Sets, options ...guard.Option) (Sets, error) {
	return made(registry, client, newGuardedSets, options)
}

// NewSortedSets puts client behind the guard of redis in registry. For its errors see [NewHashes].
func NewSortedSets(registry *guard.HealthRegistry, client SortedSets, options ...guard.Option) (SortedSets, error) {
	return made(registry, client, newGuardedSortedSets, options)
}

// NewScripts puts client behind the guard of redis in registry. For its errors see [NewHashes].
func NewScripts(registry *guard.HealthRegistry, client Scripts, options ...guard.Option) (Scripts, error) {
	return made(registry, client, newGuardedScripts, options)
}

// constructor makes the wrapper W of a role.
type constructor[Role, W any] func(*guard.HealthRegistry, Role, ...guard.Option) (W, error)

// made looks at the client, and makes its wrapper.
func made[Role, W any](registry *guard.HealthRegistry, client Role, wrap constructor[Role, W], options []guard.Option) (role Role, err error) {
	joined, err := clients.Options(registry, client, options)
	if err != nil {
		return role, fmt.Errorf("redisroles: %w", err)
	}
	wrapper, err := wrap(registry, client, joined...)
	if err != nil {
		return role, err
	}
	return any(wrapper).(Role), nil
}

func classify(ctx context.Context, err error) guard.Outcome { return goredis.Classify(ctx, err) }
