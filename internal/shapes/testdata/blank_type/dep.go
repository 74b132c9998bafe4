// blank_type: a type named _.
// verdict: refused: named _
package blank_type

import "context"

//guard:dependency
type _ interface {
	Get(ctx context.Context) error
}
