// Package promises names wrappers that guardgen is still to write, in signatures and in a struct.
package promises

import "context"

//guard:dependency name=database optional
type Database interface {
	Guarded(ctx context.Context) (*GuardedQueue, error)
	Client(ctx context.Context) (*GuardedClient, error)
}

//guard:dependency name=queue optional
type Queue interface {
	Push(ctx context.Context, id string) error
}

//guard:dependency name=client optional
type Client struct {
	again *GuardedClient
	value GuardedAlias
}

func (c Client) Push(ctx context.Context, to *GuardedClient) error { return nil }

//guard:dependency name=alias optional
type Alias = Queue
