// Package inherited says more about methods that are destructive where they come from.
package inherited

import (
	"context"

	"github.com/guardgen/guardgen/annotations/testdata/src/inherited/base"
)

//guard:dependency name=removed
/* want "//guard:heavy would take the gate from Del, which is //guard:destructive at .*base.go:8:2: remove it, or write //guard:safe if nothing is destroyed" */ //guard:heavy Del
type Removed interface {
	base.Full /* want "//guard:skip would take the gate from Wipe, which is //guard:destructive at .*base.go:10:2" */ //guard:skip Wipe
}

//guard:dependency name=redeclared
type Redeclared interface {
	base.Full
	/* want "//guard:heavy would take the gate from Del" */ //guard:heavy
	Del(ctx context.Context, id string) error
	/* want "//guard:probe would take the gate from Wipe" */ //guard:probe
	Wipe(ctx context.Context, id string) error
}

type middle interface {
	base.Full //guard:safe Wipe
}

//guard:dependency name=far
type Far interface {
	middle /* want "//guard:skip would take the gate from Del, which is //guard:destructive at .*base.go:8:2" */ //guard:skip Del Wipe
}
