// Package passing is a golden for methods that pass unguarded: skipped ones, and those that report no error.
package passing

import "context"

// Pool hands out connections.
//
//guard:dependency name=pool
type Pool interface {
	//guard:probe
	Ping(ctx context.Context) error

	// Len returns the number of connections.
	Len() int

	Stats(ctx context.Context) (hits, misses int)
	Reuse(_ context.Context, _ string)
	Free() (_ int)
	Busy() (_ int, waiting int)

	// Close closes all connections.
	//
	//guard:skip
	Close() error

	//guard:skip
	Hijack(g string, call ...int) (next any, err error)
}

// Handle is nothing but closed.
//
//guard:dependency name=handle optional
type Handle interface {
	//guard:skip
	Close() error
}
