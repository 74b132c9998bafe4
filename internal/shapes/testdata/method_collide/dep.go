// method_collide: methods named like fields and locals of the wrapper, in both cases, and like keywords.
// verdict: guarded
package method_collide

import "context"

//guard:dependency
type Dep interface {
	Next(ctx context.Context) error
	next(ctx context.Context) error
	wrapped(ctx context.Context) error
	Method(ctx context.Context) error
	method(ctx context.Context) error
	Begin(ctx context.Context) error
	Admitted(ctx context.Context) error
	Func(ctx context.Context) error
	Type(ctx context.Context) error
	Range(ctx context.Context) error
	Select(ctx context.Context) error
	Go(ctx context.Context) error
	typeMethod(ctx context.Context) error
	HTTPGet(ctx context.Context) error
	HttpGet(ctx context.Context) error
	httpGet(ctx context.Context) error
	ID(ctx context.Context) error
	Id(ctx context.Context) error
	String(ctx context.Context) (string, error)
	Nil(ctx context.Context) error
	Len(ctx context.Context) (int, error)
	Ünïcode(ctx context.Context, größe int) error
	A_b(ctx context.Context) error
	X(ctx context.Context) error
	x(ctx context.Context) error
}
