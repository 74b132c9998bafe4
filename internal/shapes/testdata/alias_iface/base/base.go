// Package base has an interface.
package base

import "context"

// Item is what is stored.
type Item struct{ Name string }

// Plain is aliased elsewhere.
type Plain interface {
	Get(ctx context.Context, key string) (*Item, error)
	Drop(ctx context.Context, key string) error //guard:safe
}
