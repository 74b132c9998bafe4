// stale: code that calls constructors and names types that are generated, beside an older output.
// verdict: guarded
package stale

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

//guard:dependency
type Dep interface {
	Get(ctx context.Context) error
	Put(ctx context.Context, k string) error
}

// Client is used before it is there.
type Client struct{ dep *GuardedDep }

// New makes one.
func New(registry *guard.HealthRegistry, dep Dep) (*Client, error) {
	guarded, err := NewGuardedDep(registry, dep)
	if err != nil {
		return nil, err
	}
	return &Client{guarded}, guarded.Put(context.Background(), "a")
}
