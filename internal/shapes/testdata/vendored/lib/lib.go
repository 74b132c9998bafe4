// Package lib is of another module.
package lib

import "context"

// Item is one.
type Item struct{ N int }

// Client is one.
type Client interface {
	Get(ctx context.Context, k string) (Item, error)
	//guard:heavy
	List(ctx context.Context) ([]*Item, error)
}
