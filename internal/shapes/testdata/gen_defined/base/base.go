// Package base has a generic interface.
package base

import "context"

// Page is a page.
type Page[T any] struct{ Items []T }

// Far is defined elsewhere.
type Far[K comparable, V any] interface {
	List(ctx context.Context, keys ...K) (*Page[V], error)
}
