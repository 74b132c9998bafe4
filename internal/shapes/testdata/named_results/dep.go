// named_results: results with names.
// verdict: guarded
package named_results

import "context"

//guard:dependency
type Dep interface {
	A(ctx context.Context) (id string, count int, err error)
	B(ctx context.Context) (x, y, z float64, err error)
	C(ctx context.Context) (failure error)
}
