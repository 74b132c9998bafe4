// Package base has generic interfaces.
package base

import "context"

// Page is a page.
type Page[T any] struct{ Items []T }

// Putter puts.
type Putter[V any] interface {
	Put(ctx context.Context, values ...V) error
}

// Lister lists.
type Lister[V any] interface {
	List(ctx context.Context) (Page[V], error)
}
