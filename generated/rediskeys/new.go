package rediskeys

import (
	"fmt"

	"github.com/guardgen/guardgen/generated/internal/client"
	guard "github.com/guardgen/guardgen/runtime"
)

// GuardedKeys implements [Keys] with calls that run through the guard of redis.
type GuardedKeys = guardedKeys

// NewGuardedKeys puts next behind the guard of redis in registry; the name, the policy and the probe of a guard at its hooks
// are taken over. Options change them in code.
//
// It returns an error that says what to do if next is nil or closed, if it is a pipeline of whatever kind, or if a guard at
// its hooks belongs to another registry.
func NewGuardedKeys(registry *guard.HealthRegistry, next Keys, options ...guard.Option) (*GuardedKeys, error) {
	joined, err := client.Options(registry, next, options)
	if err != nil {
		return nil, fmt.Errorf("rediskeys: %w", err)
	}
	return newGuardedKeys(registry, next, joined...)
}
