// Package several is a golden for several interfaces in one file: one generated file for all, in the order of the source.
package several

import "context"

// Sessions keeps sessions.
//
//guard:dependency name=api key=session
type Sessions interface {
	//guard:probe
	Ping(ctx context.Context) error

	//guard:destructive budget=10/1m
	Terminate(ctx context.Context, session string) error
}

type (
	// Channels keeps channels, behind the same API.
	//
	//guard:dependency name=api key=channel
	Channels interface {
		//guard:probe
		Ping(ctx context.Context) error

		Open(ctx context.Context, channel string) error
	}

	// channels is another interface than Channels.
	//
	//guard:dependency name=api
	channels interface {
		//guard:probe
		Ping(ctx context.Context) error
	}

	// unannotated has no wrapper.
	unannotated interface{ Close() error }
)

var (
	_ unannotated
	_ channels
)
