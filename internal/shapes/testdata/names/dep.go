// names: interfaces and options with unusual names.
// verdict: guarded
package names

import "context"

//guard:dependency
type My_HTTP2Client interface {
	Get(ctx context.Context) error
}

//guard:dependency name=umlaut
type Überblick interface {
	Öffne(ctx context.Context, schlüssel string) error
}

//guard:dependency name=eu-redis-2 wrapper=X
type Y interface {
	Get(ctx context.Context) error
}

//guard:dependency name=ctx
type ctx interface {
	Get(ctx context.Context) error
}

//guard:dependency name=guard
type guard interface {
	Get(ctx context.Context, g guard) error
}

type guardImpl struct{ n int }

// Get gets.
func (*guardImpl) Get(context.Context, guard) error { return nil }

func samples() []any { return []any{&guardImpl{1}} }
