// alias_iface: an alias of an interface, of its own package and of another.
// verdict: guarded
package alias_iface

import (
	"context"

	"github.com/guardgen/guardgen/shapes/alias_iface/base"
)

// Plain is aliased.
type Plain interface {
	Get(ctx context.Context, key string) (string, error)
}

//guard:dependency
type Dep = Plain

//guard:dependency name=other
//guard:destructive Drop budget=none key=key
type Other = base.Plain

//guard:dependency name=third
type Third = Second

// Second is an alias itself.
type Second = base.Plain
