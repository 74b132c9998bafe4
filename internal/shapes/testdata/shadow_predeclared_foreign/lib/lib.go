// Package lib uses Go's.
package lib

import "context"

// Client uses Go's.
type Client interface {
	Get(ctx context.Context, key string, deep bool) (value string, err error)
	Any(ctx context.Context, v []any) (map[string]any, error)
}
