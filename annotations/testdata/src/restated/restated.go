// Package restated says again what an embedded interface says, and some of it differently.
package restated

import (
	"context"

	"github.com/guardgen/guardgen/annotations/testdata/src/inherited/base"
)

//guard:dependency name=restated
type Restated interface {
	base.Full //guard:destructive Del budget=9/1m
	//guard:destructive
	Wipe(ctx context.Context, id string) error
	//guard:call timeout=none
	Get(ctx context.Context, id string) error
	Ping(ctx context.Context) error //guard:probe
}

type again interface {
	base.Full //guard:destructive Del Wipe
}

//guard:dependency name=harmless optional
type Harmless interface {
	again //guard:safe Del Wipe
}
