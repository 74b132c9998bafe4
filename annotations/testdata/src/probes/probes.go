// Package probes has interfaces whose constructors ask for a probe, with one and without.
package probes

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//guard:dependency name=critical
type Critical /* want "warning: no probe: mark a method with //guard:probe, or pass guard.WithProbe to NewGuardedCritical; without one the constructor returns an error" */ interface {
	F(ctx context.Context) error
}

//guard:dependency name=destructive optional wrapper=safeStore
type Destructive /* want "warning: no probe: .* to newSafeStore;" */ interface {
	//guard:destructive budget=1/1m key=id
	Drop(ctx context.Context, id string) error
	F(ctx context.Context) error
}

// Heavy has nothing that could find out that it works again: what passes unguarded does not count.
//
//guard:dependency name=heavy optional
type Heavy /* want "warning: no probe: .* to NewGuardedHeavy;" */ interface {
	//guard:heavy
	F(ctx context.Context) error
	Close() error //guard:skip
}

//guard:dependency name=optional optional
type Optional interface {
	F(ctx context.Context) error
}

//guard:dependency name=passing optional
type Passing interface {
	Close() error //guard:skip
}

// Borrowing has the probe of the other interface of its dependency.
//
//guard:dependency name=redis
type Borrowing interface {
	F(ctx context.Context) error
}

//guard:dependency name=redis
type Lending interface {
	Ping(ctx context.Context) error //guard:probe
}

// base is annotated for those who embed it.
type base interface {
	Ping(ctx context.Context) (string, error) //guard:probe
}

//guard:dependency name=inheriting
type Inheriting interface {
	base
}

// Commands has a probe whose result carries its error.
//
//guard:dependency name=commands classify=classify
type Commands interface {
	Ping(ctx context.Context) *redis.StatusCmd //guard:probe
}
