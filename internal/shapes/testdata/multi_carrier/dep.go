// multi_carrier: several results that carry their error.
// verdict: guarded
package multi_carrier

import (
	"context"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// Reply is one of our own.
type Reply[T any] struct {
	Value T
	err   error
}

// SetErr sets.
func (r *Reply[T]) SetErr(err error) { r.err = err }

// Err gets.
func (r *Reply[T]) Err() error { return r.err }

func outcome(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }

//guard:dependency classify=outcome
type Dep interface {
	A(ctx context.Context) (*redis.StringCmd, *redis.IntCmd)
	B(ctx context.Context, k string) (n int, a *Reply[int], b *Reply[[]string], ok bool)
	//guard:destructive budget=none key=k
	C(ctx context.Context, k string) (*redis.IntCmd, *Reply[string])
	One(ctx context.Context) *Reply[map[string]int]
}
