// Package lib hides a type.
package lib

import "context"

type item struct{ n int }

// Client names it.
type Client interface {
	Get(ctx context.Context) (item, error)
	Put(ctx context.Context, s struct{ hidden int }) error
}
