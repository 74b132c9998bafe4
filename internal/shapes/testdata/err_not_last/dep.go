// err_not_last: the error is not the last result.
// verdict: guarded
package err_not_last

import "context"

//guard:dependency
type Dep interface {
	A(ctx context.Context) (error, int)
	B(ctx context.Context) (a int, err error, ok bool)
	C() (err error, a, b, c string)
}
