// Package second has a client.
package second

import (
	"context"

	"github.com/guardgen/guardgen/shapes/same_named_embedded/second/model"
)

// Client has other items.
type Client interface {
	Other(ctx context.Context, model model.Item) (*model.Item, error)
}
