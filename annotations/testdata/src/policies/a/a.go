// Package a shares a dependency with package b.
package a

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

//guard:dependency name=redis threshold=3 quiet=1s
type First interface {
	F(ctx context.Context) error
}

//guard:dependency name=rate threshold=50%/10s/20 timeout=1s classify=own
type Rate interface {
	F(ctx context.Context) error
}

func own(context.Context, error) guard.Outcome { return guard.OutcomeSuccess }

//guard:dependency name=same
type Same interface {
	F(ctx context.Context) error
}
