// Package lib has an internal package.
package lib

import (
	"context"

	"github.com/guardgen/guardgen/shapes/foreign_internal_type/lib/internal/deep"
)

// Client names a type of it.
type Client interface {
	Get(ctx context.Context) (*deep.Item, error)
}
