// Package handedout holds methods whose results are clients that nobody guards.
package handedout

import "context"

//guard:dependency name=database
type Database interface {
	Session(ctx context.Context) (Database, error)          // want "warning: returns Database unguarded: Session; what is called on the result passes the gate by"
	Queues(ctx context.Context) ([]Queue, error)            // want "warning: returns Queue unguarded: Queues"
	Begin(ctx context.Context) (Tx, error)                  // want "warning: returns Tx unguarded: Begin"
	Scoped(ctx context.Context) (func() (Tx, error), error) // want "warning: returns Tx unguarded: Scoped"
	Reader(ctx context.Context) (Reader, error)
	Guarded(ctx context.Context) (*GuardedQueue, error)
	Raw() Tx //guard:skip
	//guard:safe
	Known(ctx context.Context) (Tx, error)
	//guard:destructive budget=1/1m key=id
	Drop(ctx context.Context, id string) error
	Ping(ctx context.Context) error //guard:probe
}

//guard:dependency name=queue optional
type Queue interface {
	Push(ctx context.Context, id string) error
}

// Tx is not annotated, and destroys what Database destroys.
type Tx interface {
	Commit() error
	Drop(ctx context.Context, id string) error
}

// Reader has a method of the same name that is another one.
type Reader interface {
	Drop(n int)
}
