// Package policy is a golden for the options: each appears in the literal, what is not said does not.
package policy

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

func classify(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }

// Full says everything.
//
//guard:dependency name=full optional threshold=50%/10s/20 backoff=500ms..90s timeout=2s probe-timeout=1500ms
//guard:dependency probe-interval=3s max-age=4s hold=2m reconnect=45s quiet=250ms classify=classify
type Full interface {
	//guard:probe
	Ping(ctx context.Context) error

	//guard:call timeout=100us
	Fast(ctx context.Context) error

	//guard:call timeout=none
	Slow(ctx context.Context) error

	Subscribe(ctx context.Context) (<-chan string, error) //guard:call timeout=none

	//guard:destructive budget=none key=id
	Drop(ctx context.Context, id string) error

	//guard:destructive mode=observe budget=100/1h key=id
	Retire(ctx context.Context, id string) error
}

// Period has the second form of threshold.
//
//guard:dependency name=period threshold=5/10s
type Period interface {
	//guard:probe
	Ping(ctx context.Context) error
}

// Empty says nothing.
//
//guard:dependency
type Empty interface {
	//guard:probe
	Ping(ctx context.Context) error
}
