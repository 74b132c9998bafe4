// ctx_foreign: contexts of other types, which are asked and passed on as they are.
// verdict: guarded
package ctx_foreign

import "context"

// GinContext is a context by pointer.
type GinContext struct {
	context.Context
	User string
}

// Request is a context that is an interface.
type Request interface {
	context.Context
	UserID() string
}

// Same has what a context has.
type Same interface{ context.Context }

// Value is a context by value.
type Value struct{ context.Context }

// UserID is a user.
func (g *GinContext) UserID() string { return g.User }

//guard:dependency
type Dep interface {
	A(ctx *GinContext, k string) error
	B(ctx Request) (string, error)
	C(ctx Same, k string) error
	D(k string, ctx Value) error
	//guard:destructive budget=none key=k
	E(ctx *GinContext, k string) error
	F(g *GinContext, ctx context.Context) error
}

func samples() []any {
	return []any{
		&GinContext{context.Background(), "a"},
		&GinContext{context.TODO(), "b"},
	}
}
