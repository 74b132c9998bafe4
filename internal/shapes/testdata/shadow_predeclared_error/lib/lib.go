// Package lib uses Go's.
package lib

import "context"

// Failure is Go's error.
type Failure = error

// Key is a key.
type Key int

// Client uses Go's.
type Client interface {
	Get(ctx context.Context, key string) (string, error)
}
