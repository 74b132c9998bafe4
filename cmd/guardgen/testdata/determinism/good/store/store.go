package store

import "context"

// Request is a request.
type Request struct{ Tenant string }

//guard:dependency name=store optional
type Store[K comparable, V any] interface {
	Get(ctx context.Context, id K) (V, error)
	Put(ctx context.Context, id K, value V) error
}
