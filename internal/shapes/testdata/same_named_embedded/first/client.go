// Package first has a client.
package first

import (
	"context"

	"github.com/guardgen/guardgen/shapes/same_named_embedded/first/model"
)

// Client has items.
type Client interface {
	Item(ctx context.Context, model model.Item) (*model.Item, error)
}
