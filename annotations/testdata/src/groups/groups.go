// Package groups declares interfaces in groups, and by way of other names.
package groups

import "context"

// The group has documentation that is about none of its types alone.
//
//guard:dependency name=store quiet=2s
//guard:heavy List
type (
	// Reader reads.
	Reader interface { // want "warning: no probe: .*pass guard.WithProbe to NewGuardedReader"
		List(ctx context.Context) ([]string, error)
	}

	Writer interface { // want "warning: no probe: .*pass guard.WithProbe to NewGuardedWriter"
		List(ctx context.Context) ([]string, error)
		//guard:destructive budget=1/1m key=name
		Drop(ctx context.Context, name string) error
	}

	// Names is no interface, and the group is not about it; nor about Page, which has no methods.
	Names []string

	Page struct{ Names Names }
)

type base interface {
	//guard:heavy
	Scan(ctx context.Context) error
}

type alias = interface {
	//guard:heavy
	Walk(ctx context.Context) error
}

type derived base

type again = derived

//guard:dependency
type Derived interface { // want "warning: no probe: .*pass guard.WithProbe to NewGuardedDerived"
	again
	alias
	interface {
		//guard:heavy
		Climb(ctx context.Context) error
	}
}
