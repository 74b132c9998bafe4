// Package base declares an interface that others embed.
package base

import (
	"context"
	"io"
)

// Store holds values.
type Store[V any] interface {
	// Put sets a value.
	Put(ctx context.Context, key string, value V) error

	io.Closer //guard:skip Close

	// Get returns a value.
	//guard:heavy
	Get(ctx context.Context, key string) (V, error)

	All(ctx context.Context) (map[string]V, error) // All returns everything.
}
