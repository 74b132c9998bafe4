// Package base says itself which of its methods are destructive.
package base

import "context"

// Full destroys much.
type Full interface {
	//guard:destructive key=id budget=3/1h mode=observe
	Del(ctx context.Context, id string) error
	//guard:destructive key=id budget=none
	Wipe(ctx context.Context, id string) error
	//guard:heavy
	List(ctx context.Context) ([]string, error)
	//guard:call timeout=1s key=id
	Get(ctx context.Context, id string) error
}
