// Package handedout holds methods whose results are clients that nobody guards.
package handedout

import "context"

//guard:dependency name=database
type Database interface {
	Session(ctx context.Context) (Database, error)          // want "returns Database unguarded: Session; what is called on it passes the gate by"
	Queues(ctx context.Context) ([]Queue, error)            // want "returns Queue unguarded: Queues"
	Begin(ctx context.Context) (Tx, error)                  // want "returns Tx unguarded: Begin"
	Scoped(ctx context.Context) (func() (Tx, error), error) // want "returns Tx unguarded: Scoped"
	InTx(ctx context.Context, fn func(Tx) error) error      // want "gives its callback Tx unguarded: InTx; what is called on it passes the gate by: put it"
	With(fn func(*Conn))                                    // want "gives its callback [*]Conn unguarded: With; .*and the method reports no error" "warning: reports no error"
	Use(ctx context.Context, tx Tx) error
	Reader(ctx context.Context) (Reader, error) // want "warning: returns Reader, which has a method named like a destructive one: Reader; what is called"
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
	//guard:destructive budget=1/1m key=id
	Pop(ctx context.Context, id string) error
	Ping(ctx context.Context) error //guard:probe
	Cache() (Cache, error)          // which destroys nothing
}

//guard:dependency name=cache optional
type Cache interface {
	Get(ctx context.Context, id string) error
}

// Tx is not annotated, and destroys what Database destroys.
type Tx interface {
	Commit() error
	Drop(ctx context.Context, id string) error
}

// Conn destroys it, too.
type Conn struct{}

func (c *Conn) Drop(ctx context.Context, id string) error { return nil }

// Reader has a method of the same name that is another one.
type Reader interface {
	Drop(n int)
}
