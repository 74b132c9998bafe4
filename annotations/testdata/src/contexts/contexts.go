// Package contexts has contexts of several types.
package contexts

import "context"

type alias = context.Context

type same context.Context

type wider interface {
	context.Context
	User() string
}

type request struct{ context.Context }

//guard:dependency timeout=2s
type Client interface {
	Ping(ctx context.Context) error //guard:probe
	Alias(id string, ctx alias) error
	Same(ctx same) error
	Wider(ctx wider) error                      // want "warning: timeout=2s does not reach contexts of a type of their own: Wider; write //guard:call timeout=none"
	Struct(ctx *request) error                  //guard:call timeout=none
	Timeout(ctx *request) error                 /* want "timeout: the context of Timeout has a type of its own, so that no deadline can be put into it" */ //guard:call timeout=1s
	Two(first wider, second context.Context) error
	Many(ctx ...context.Context) error
}
