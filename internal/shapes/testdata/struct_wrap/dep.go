// struct_wrap: a struct with methods on the pointer and on the value.
// verdict: guarded
package struct_wrap

import (
	"context"

	"github.com/guardgen/guardgen/internal/exercise"
)

//shape:unguarded Client Len

// Client is a concrete client.
//
//guard:dependency key=key
//guard:heavy List
type Client struct {
	recorder *exercise.Recorder
	Name     string
}

func fakeClient(r *exercise.Recorder) *Client { return &Client{recorder: r} }

// Ping asks for a sign of life.
//
//guard:probe
func (c *Client) Ping(ctx context.Context) (err error) {
	c.recorder.Called("Ping", ctx).Into(&err)
	return
}

// Get gets.
func (c *Client) Get(ctx context.Context, key string) (value []byte, err error) {
	c.recorder.Called("Get", ctx, key).Into(&value, &err)
	return
}

// Drop drops.
//
//guard:destructive budget=none
func (c *Client) Drop(ctx context.Context, key string) (err error) {
	c.recorder.Called("Drop", ctx, key).Into(&err)
	return
}

// List lists.
func (c Client) List(ctx context.Context, prefix string) (names []string, err error) {
	c.recorder.Called("List", ctx, prefix).Into(&names, &err)
	return
}

// Len counts.
func (c Client) Len() (n int) {
	c.recorder.Called("Len").Into(&n)
	return
}

// Close closes.
//
//guard:skip
func (c *Client) Close() (err error) {
	c.recorder.Called("Close").Into(&err)
	return
}

func (c *Client) hidden(ctx context.Context) error { return nil }
