// struct_gen: a generic struct, whose methods name the type parameters otherwise.
// verdict: guarded
package struct_gen

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
)

//shape:args Store string,[]int

// Store is generic.
//
//guard:dependency
type Store[K comparable, V any] struct{ r *exercise.Recorder }

func fakeStore[K comparable, V any](r *exercise.Recorder) *Store[K, V] { return &Store[K, V]{r} }

// Get gets.
func (s *Store[Key, Value]) Get(ctx context.Context, key Key) (value Value, err error) {
	s.r.Called("Get", ctx, key).Into(&value, &err)
	return
}

// All lists.
func (s *Store[_, V]) All(ctx context.Context) (values []V, err error) {
	s.r.Called("All", ctx).Into(&values, &err)
	return
}

// Keys lists.
func (s Store[K, _]) Keys(ctx context.Context, not map[K]bool) (keys []K, err error) {
	s.r.Called("Keys", ctx, not).Into(&keys, &err)
	return
}
