// Package outside is a golden for names that are declared outside of the build: in tests, and under other build tags.
package outside

import "context"

// Client is a client.
//
//guard:dependency name=outside hold=90s
type Client interface {
	//guard:probe
	Ping(ctx context.Context) error

	Get(ctx context.Context, id string) (string, error)
}
