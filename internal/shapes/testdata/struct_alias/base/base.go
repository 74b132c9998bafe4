// Package base has clients.
package base

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
)

// Item is one.
type Item struct{ N int }

// Client is aliased elsewhere.
type Client struct{ r *exercise.Recorder }

// New makes one.
func New(r *exercise.Recorder) *Client { return &Client{r} }

// Drop drops.
func (c *Client) Drop(ctx context.Context, name string) (item *Item, err error) {
	c.r.Called("Drop", ctx, name).Into(&item, &err)
	return
}

// Store is generic.
type Store[K, V any] struct{ R *exercise.Recorder }

// Load loads.
func (s *Store[K, V]) Load(ctx context.Context, key K) (value V, err error) {
	s.R.Called("Load", ctx, key).Into(&value, &err)
	return
}
