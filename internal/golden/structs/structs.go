// Package structs is a golden for wrappers of structs, which have their exported methods: own ones in the order of the source,
// then promoted ones, with the directives of all places.
package structs

import (
	"context"

	"github.com/guardgen/guardgen/internal/golden/structs/lib"
)

// Store keeps values.
//
//guard:dependency name=store key=key
type Store[K comparable, V any] struct {
	*lib.Conn //guard:destructive Drop budget=none key=table:table
	cache[K]

	Values map[K]V
}

// Zap is not the first method by its name.
func (s *Store[K, V]) Zap(ctx context.Context, key K) (V, error) {
	return s.Values[key], s.Log("Zap", ctx, key)
}

// Delete is declared with other names of the type parameters.
//
//guard:destructive budget=20/1m
func (s *Store[Key, _]) Delete(ctx context.Context, key Key) error {
	delete(s.Values, key)
	return s.Log("Delete", ctx, key)
}

// Ping hides that of the connection.
//
//guard:probe
func (s Store[K, V]) Ping(ctx context.Context) error { return s.Conn.Ping(ctx) }

func (s *Store[K, V]) unexported() {}

type cache[K comparable] struct{ hits map[K]int }

// Hits reads.
//
//guard:heavy
func (c cache[Q]) Hits(ctx context.Context, of Q) (int, error) { return c.hits[of], nil }

// Pool is a struct of another package under a name of this one.
//
//guard:dependency name=pool wrapper=SafePool
//guard:destructive Drop key=table budget=none
//guard:skip Size
//guard:safe Acquire
type Pool = lib.Pool
