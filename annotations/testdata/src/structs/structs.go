// Package structs annotates structs, whose methods are functions with a receiver.
package structs

import (
	"context"
	"net/http"
)

// Client talks to a server.
//
//guard:dependency name=client key=id hold=30s
/* want "the struct has no method Gone: did you mean One\\?" */ //guard:safe Gone
type Client struct {
	*http.Client      //guard:skip CloseIdleConnections Get Head Post PostForm Do
	base              /* want "embedded base has no method Lst: did you mean List\\?" */ //guard:heavy Lst
	/* want "//guard:heavy has no effect here: only embedded fields have methods: put it above the declaration of a method, or on the type" */ //guard:heavy
	Name string
}

// Zap is first.
//
//guard:probe
func (c *Client) Zap(ctx context.Context) error { return nil }

/* want "//guard:dependency stands on a type, not on a method" */ //guard:dependency
func (c Client) One(ctx context.Context, id string) error { return nil }

/* want "hidden is not exported, and the wrapper of a struct has its exported methods only: remove //guard:heavy" */ //guard:heavy
func (c *Client) hidden(ctx context.Context) error { return nil }

/* want "//guard:destructive on Drop is about Drop already: remove Other" */ //guard:destructive Other
func (c *Client) Drop(ctx context.Context, id string) error { return nil } // want "warning: destructive by its name, but not annotated: Drop"

/* want "not a directive as it is spelt" */ // Remove removes @guard:destructive things.
func (c *Client) Remove(ctx context.Context, id string) error { return nil }

func (c *Client) Len() int { return 0 } // want "warning: reports no error and passes unguarded: Len"

// base is embedded.
type base struct{}

// List lists.
//
//guard:heavy
func (b *base) List(ctx context.Context) error { return nil }

// Other is not annotated.
type Other struct{}

/* want "//guard:heavy has no effect here: Other has no //guard:dependency: write it above the type" */ //guard:heavy
func (o *Other) List(ctx context.Context) error { return nil }
