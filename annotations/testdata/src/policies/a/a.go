// Package a has interfaces that share a dependency.
package a

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

//guard:dependency name=redis threshold=3 quiet=1s
type First interface {
	F(ctx context.Context) error
}

//guard:dependency name=redis optional
type Second /* want "a.Second and a.First share the dependency redis and so its breaker, but not its policy: optional threshold=5 here, critical threshold=3 at .*a.go:\\d+:6" */ interface {
	F(ctx context.Context) error
}

//guard:dependency name=rate threshold=50%/10s/20 timeout=1s classify=own
type Rate interface {
	F(ctx context.Context) error
}

//guard:dependency name=rate threshold=5/10s
type OtherRate /* want "a.OtherRate and a.Rate share the dependency rate and so its breaker, but not its policy: threshold=5/10s timeout=none classify=guard.Classify here, threshold=50%/10s/20 timeout=1s classify=.*a.own at .*a.go" */ interface {
	F(ctx context.Context) error
}

func own(context.Context, error) guard.Outcome { return guard.OutcomeSuccess }

//guard:dependency name=same
type Same interface {
	F(ctx context.Context) error
}

// AlsoSame writes out what holds anyway.
//
//guard:dependency name=same threshold=5 hold=60s backoff=1s..1m max-age=2s probe-interval=2s
type AlsoSame interface {
	F(ctx context.Context) error
}
