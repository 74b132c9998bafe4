// foreign_unexp_type: an embedded method whose signature has an unexported type of another package.
// verdict: refused: cannot name
package foreign_unexp_type

import "github.com/guardgen/guardgen/shapes/foreign_unexp_type/lib"

//guard:dependency
type Dep interface {
	lib.Client
}
