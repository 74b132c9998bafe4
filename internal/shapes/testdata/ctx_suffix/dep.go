// ctx_suffix: types named Context that are none.
// verdict: guarded
package ctx_suffix

// GinContext is no context.
type GinContext struct{ N int }

// Context is none, either.
type Context interface{ Name() string }

type named struct{ n int }

// Name is a name.
func (n *named) Name() string { return "" }

//guard:dependency
type Dep interface {
	A(ctx *GinContext) error
	B(ctx Context, k string) error
}

func samples() []any { return []any{&named{1}, &named{2}} }
