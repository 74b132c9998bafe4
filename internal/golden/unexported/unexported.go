// Package unexported is a golden for an interface that only its package sees: its wrapper and constructor are unexported too.
package unexported

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

// Record is what a store keeps.
type Record struct{ Name string }

// store keeps records.
//
//guard:dependency name=records
type store interface {
	//guard:probe
	Ping(ctx context.Context) error

	Load(ctx context.Context, name string) (*Record, error)
}

// Open returns next behind its guard.
func Open(registry *guard.HealthRegistry, next store) (store, error) {
	return newGuardedStore(registry, next)
}
