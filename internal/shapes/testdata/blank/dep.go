// blank: parameters and results named _.
// verdict: guarded
package blank

import "context"

//guard:dependency
type Dep interface {
	A(_ context.Context, _ string, _ int) (_ string, _ error)
	B(ctx context.Context, _ string, name string, _ ...int) (n int, _ error)
	C(_, _ int, ctx context.Context) (_, _ string, err error)
}
