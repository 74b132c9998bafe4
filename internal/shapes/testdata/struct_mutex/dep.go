// struct_mutex: a struct that embeds a lock, whose methods report nothing.
// verdict: guarded
package struct_mutex

import (
	"context"
	"sync"

	"github.com/guardgen/guardgen/internal/exercise"
)

// Client embeds a lock.
//
//guard:dependency
//guard:skip Lock TryLock Unlock
type Client struct {
	locker
	r *exercise.Recorder
}

type locker interface {
	sync.Locker
	TryLock() bool
}

type lock struct{ r *exercise.Recorder }

// Lock locks.
func (l lock) Lock() { l.r.Called("Lock") }

// Unlock unlocks.
func (l lock) Unlock() { l.r.Called("Unlock") }

// TryLock tries.
func (l lock) TryLock() (ok bool) {
	l.r.Called("TryLock").Into(&ok)
	return
}

func fakeClient(r *exercise.Recorder) *Client { return &Client{lock{r}, r} }

// Get gets.
func (c *Client) Get(ctx context.Context, key string) (value string, err error) {
	c.r.Called("Get", ctx, key).Into(&value, &err)
	return
}
