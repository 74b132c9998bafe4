// every_option: keys, deadlines, predicates and a classifier, with every way to report an error; what the mutants are made of.
// verdict: guarded
package every_option

import (
	"context"
	"errors"
	"iter"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	guard "github.com/guardgen/guardgen/runtime"
)

//shape:args Store string,[]int

var errAnswer = errors.New("no such thing")

func answers() []error { return []error{errAnswer} }

func outcome(ctx context.Context, err error) guard.Outcome {
	if errors.Is(err, errAnswer) {
		return guard.OutcomeSuccess
	}
	return guard.Classify(ctx, err)
}

// APIError is an error of its own type.
type APIError struct{ Cause error }

// Error is its text.
func (e *APIError) Error() string { return "api" }

// Unwrap is its cause.
func (e *APIError) Unwrap() error { return e.Cause }

func refused(err error) *APIError { return &APIError{err} }

func really(_ context.Context, dry, force bool, _ string) bool { return force && !dry }

// GinContext is a context of its own type.
type GinContext struct{ context.Context }

// Owner has a name.
type Owner struct{ ID string }

//guard:dependency timeout=2s refuse=refused
type Dep interface {
	Move(ctx context.Context, from, to string) (left, right int, err error)
	Push(ctx context.Context, from, to string) (left, right int, err error)
	Pull(ctx context.Context, from, to string) (left, right int, err error)
	//guard:call timeout=none
	Flags(ctx context.Context, a, b bool, c ...bool) (x, y bool, err error)
	//guard:call timeout=none
	//guard:heavy
	Scan(ctx context.Context, fns, more []func()) (<-chan int, <-chan int, error)
	//guard:call timeout=5s
	Slow(ctx context.Context) error
	//guard:call key=from
	Copy(ctx context.Context, from, to string) error
	//guard:call key=from
	Load(ctx context.Context, from, to string) error
	//guard:call key=owner:owner.ID,name:names
	Own(ctx context.Context, owner *Owner, names ...string) error
	//guard:destructive budget=none key=b
	Drop(ctx context.Context, a, b string) error
	//guard:destructive budget=none key=b
	Wipe(ctx context.Context, a, b string) error
	//guard:destructive budget=none key=k when=really
	Do(ctx context.Context, dry, force bool, k string) error

	Both(ctx context.Context) (reading, writing error)
	Some(ctx context.Context) (reading, writing error)
	Beside(ctx context.Context) (*redis.StringCmd, error)

	Carry(ctx context.Context, k string) *redis.StringCmd //guard:call key=k
	Bear(ctx context.Context) *redis.StringCmd
	Pair(ctx context.Context) (*redis.StringCmd, *redis.IntCmd)
	Twins(ctx context.Context) (*redis.StringCmd, *redis.IntCmd)

	Custom(ctx context.Context, k string) (int, *APIError) //guard:call key=k
	Fail(ctx context.Context) *APIError

	//guard:call key=k timeout=none
	All(ctx context.Context, k string) iter.Seq2[string, error]
	//guard:call timeout=none
	Each(ctx context.Context, k string) iter.Seq2[string, error]
	//guard:call timeout=none
	Every(ctx context.Context, k string) iter.Seq2[string, error]
	//guard:call timeout=none
	Rows(ctx context.Context, k string) iter.Seq2[string, error]
	//guard:destructive budget=none key=k
	//guard:call timeout=none
	Drain(ctx context.Context, k string) iter.Seq2[string, error]
	//guard:call key=k timeout=none
	Query(ctx context.Context, k string) (iter.Seq2[string, error], error)
	//guard:call timeout=none
	Find(ctx context.Context, k string) (iter.Seq2[string, error], error)

	//guard:call timeout=none
	Gin(k string, ctx *GinContext) error
	//guard:call timeout=none
	Tonic(k string, ctx *GinContext) error
	Second(background context.Context, ctx context.Context) error
	NoContext(a, b string) error
}

// Kinds has a classifier of its own.
//
//guard:dependency classify=outcome
type Kinds interface {
	Get(ctx context.Context, k string) error
}

// Client is a struct.
//
//guard:dependency key=k
type Client struct{ *conn }

type conn struct{ r *exercise.Recorder }

func fakeClient(r *exercise.Recorder) *Client { return &Client{&conn{r}} }

// Get is its own.
func (c *Client) Get(ctx context.Context, k, v string) (n int, err error) {
	c.r.Called("Get", ctx, k, v).Into(&n, &err)
	return
}

// Set is like it.
func (c *Client) Set(ctx context.Context, k, v string) (n int, err error) {
	c.r.Called("Set", ctx, k, v).Into(&n, &err)
	return
}

// Drop is promoted.
//
//guard:destructive budget=none
func (c *conn) Drop(ctx context.Context, k string) (err error) {
	c.r.Called("Drop", ctx, k).Into(&err)
	return
}

// Store is generic.
//
//guard:dependency key=key
type Store[K comparable, V any] interface {
	Get(ctx context.Context, key, other K) (V, V, error)
	//guard:heavy
	List(ctx context.Context, keys ...K) (map[K]V, error)
	//guard:destructive budget=none
	Delete(ctx context.Context, key K) error
}
