// foreign_unexp_method: an embedded interface of another package that has an unexported method.
// verdict: refused: unexported
package foreign_unexp_method

import "go/types"

//guard:dependency
type Dep interface {
	types.Object
	Sync() error
}
