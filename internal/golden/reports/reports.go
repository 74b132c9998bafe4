// Package reports is a golden for the other ways to report an error: several results, errors of a type of their own, iterators;
// and for contexts of a type of their own.
package reports

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// APIError is what the API answers with.
type APIError struct {
	Status int
	Cause  error
}

func (e *APIError) Error() string { return "api" }

// Unwrap returns the cause.
func (e *APIError) Unwrap() error { return e.Cause }

// refused makes an APIError of a refusal.
func refused(err error) *APIError {
	if errors.Is(err, guard.ErrDestructiveDenied) {
		return &APIError{Status: 409, Cause: err}
	}
	return &APIError{Status: 503, Cause: err}
}

// Temporary is an error that every error can be.
type Temporary interface{ Error() string }

// Request is a context of its own.
type Request interface {
	context.Context
	User() string
}

// Items is an iterator with a name.
type Items func(yield func(Item, error) bool)

// Item is an item.
type Item struct{ ID string }

// API reports errors in all ways that there are.
//
//guard:dependency name=api key=item:id refuse=refused
type API interface {
	//guard:probe
	Ping(ctx context.Context) Temporary

	Both(ctx context.Context, id string) (reading, writing error)
	First(ctx context.Context) (err error, n int)
	Commands(ctx context.Context) (*redis.StringCmd, *redis.IntCmd)
	Mixed(ctx context.Context) (*redis.StringCmd, error)

	Custom(ctx context.Context, id string) (Item, *APIError)

	//guard:destructive budget=none
	EndItem(ctx context.Context, id string) *APIError

	All(ctx context.Context, id string) iter.Seq2[Item, error]
	Named(id string) Items
	Query(ctx context.Context, id string) (iter.Seq2[*Item, error], error)

	//guard:destructive budget=none
	EndAll(ctx context.Context, id string) (ended iter.Seq2[time.Time, error])

	Ask(id string, request Request) error
}
