// ctx_forms: contexts under aliases, in other positions, several, and by pointer.
// verdict: guarded
package ctx_forms

import "context"

// Ctx is an alias.
type Ctx = context.Context

//guard:dependency timeout=2s
type Dep interface {
	A(c Ctx, k string) error
	B(k string, ctx context.Context) (string, error)
	C(k string, ctx Ctx, more ...string) error
	D(first, second context.Context) error
	E(a int, _ context.Context, b int) error
	F(ctxs ...context.Context) error
	G(ctx *context.Context) error
	//guard:destructive budget=none key=k
	H(k string, ctx context.Context) error
}
