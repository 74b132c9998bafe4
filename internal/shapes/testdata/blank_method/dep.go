// blank_method: a method named _.
// verdict: refused: _
package blank_method

import "context"

//guard:dependency
type Dep interface {
	_(ctx context.Context) error
	Get(ctx context.Context) error
}
