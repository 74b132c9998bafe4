package redisroles

import (
	"github.com/guardgen/guardgen/generated/rediskeys"
	guard "github.com/guardgen/guardgen/runtime"
)

// Keys is for strings, their expiry, and deletion.
type Keys = rediskeys.Keys

// NewKeys puts client behind the guard of redis in registry. For its errors see [NewHashes].
func NewKeys(registry *guard.HealthRegistry, client Keys, options ...guard.Option) (Keys, error) {
	keys, err := rediskeys.NewGuardedKeys(registry, client, options...)
	if err != nil {
		return nil, err
	}
	return keys, nil
}
