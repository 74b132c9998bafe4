// shadow_locals: parameters and results named like the receiver and what a generated method declares.
// verdict: guarded
package shadow_locals

import "context"

//guard:dependency
type Dep interface {
	A(ctx context.Context, g, call, err, next, guarded, attempt string) (string, error)
	B(g context.Context, ctx string, err int) (call error)
	C(call func(), err error) (ctx string, g int, attempt error)
	D(err context.Context) (ctx error)
	E(ctx string) (err string, _ error)
	F(registry, wrapper, options, probe, client, recorder, result int) (results int, err error)
}
