// blank_type: a type named _.
// verdict: refused
// dep.go:9:6: a type named _ has no wrapper: name it
package blank_type

import "context"

//guard:dependency
type _ interface {
	Get(ctx context.Context) error
}
