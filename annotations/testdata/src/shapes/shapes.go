// Package shapes holds methods whose results decide what can be done with them.
package shapes

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// Subscription holds a channel.
type Subscription struct {
	Name   string
	events chan string
}

/* want "warning: results that carry their error, such as that of J, carry answers too: guard.Classify takes redis.Nil and its like for failures of timeouts; write classify=" */ //guard:dependency timeout=2s
type Timeouts interface {
	A(ctx context.Context) (io.ReadCloser, error)  // want "timeout=2s would end results that outlive the call: A; write //guard:call timeout=none"
	B(ctx context.Context) (func() error, error)   // want "timeout=2s would end results that outlive the call: B"
	C(ctx context.Context) (<-chan int, error)     // want "timeout=2s would end results that outlive the call: C"
	D(ctx context.Context) (iter.Seq[int], error)  // want "timeout=2s would end results that outlive the call: D"
	E(ctx context.Context) (*Subscription, error)  // want "timeout=2s would end results that outlive the call: E"
	F(ctx context.Context) ([]Subscription, error) // want "timeout=2s would end results that outlive the call: F"
	G(ctx context.Context) (io.ReadCloser, error)  //guard:call timeout=none
	H() (io.ReadCloser, error)
	I(ctx context.Context) (time.Time, error)
	J(ctx context.Context) *redis.StringCmd
	K(ctx context.Context) (context.Context, error) // want "timeout=2s would end results that outlive the call: K"
}

//guard:dependency classify=classify
type Classified interface {
	A(ctx context.Context) *redis.StringCmd
	B(ctx context.Context) (*redis.StringCmd, *redis.IntCmd)
	C(ctx context.Context) (*redis.StringCmd, *redis.IntCmd, error)
	D(ctx context.Context) (*redis.StringCmd, *redis.IntCmd) //guard:skip
}

func classify(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }

//guard:dependency
type OwnTimeouts interface {
	/* want "timeout: the io.ReadCloser that A returns outlives the call, and the deadline would end it: write timeout=none" */ //guard:call timeout=2s
	A(ctx context.Context) (io.ReadCloser, error)
	/* want "timeout: B has no context.Context, so that no deadline can reach it" */ //guard:call timeout=2s
	B() error
}

//guard:dependency
type Silent interface {
	A(ctx context.Context) int // want "warning: reports no error and passes unguarded: A; write //guard:skip if that is right"
	B() int                    //guard:skip
	/* want "C reports no error and cannot be refused: give it an error result" */ //guard:destructive budget=1/1m key=id
	C(ctx context.Context, id string)
	/* want "D reports no error and cannot be refused" */ //guard:heavy
	D(ctx context.Context) []string
	/* want "E reports no error and passes unguarded, so that //guard:call has no effect: write //guard:skip" */ //guard:call timeout=2s
	E(ctx context.Context) []string
	F() redis.Pipeliner                     // want "warning: reports no error and passes unguarded: F"
	G(ctx context.Context) *redis.PubSub    // want "warning: reports no error and passes unguarded: G"
	DeleteAll(ctx context.Context) []string // want "warning: reports no error and passes unguarded: DeleteAll" "warning: destructive by its name, but not annotated: DeleteAll"
}
