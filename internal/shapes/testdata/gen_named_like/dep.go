// gen_named_like: type parameters named like imports, receivers, predeclared names and what is generated.
// verdict: guarded
package gen_named_like

import (
	"context"
	"time"
)

// T is a declaration of the package.
type T struct{ N int }

// Base has a method that means the T of the package.
type Base interface {
	Own(ctx context.Context, t T) (T, error)
}

// Context is hidden by a type parameter.
type Context = context.Context

//shape:args Dep int,string,bool,T,float64,uint8
//shape:args Words int,string,bool

//guard:dependency
type Dep[guard any, g comparable, call any, T any, next any, registry any] interface {
	Base
	Get(ctx context.Context, a guard, b g, c call) (T, next, error)
	Wait(ctx context.Context, d time.Duration, r registry) error
}

//guard:dependency name=dep
type Words[string, int any, nil comparable] interface {
	Put(ctx context.Context, a string, b int, c nil) error
}
