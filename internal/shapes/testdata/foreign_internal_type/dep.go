// foreign_internal_type: an embedded method whose signature has a type of an internal package of others.
// verdict: refused: cannot name
package foreign_internal_type

import "github.com/guardgen/guardgen/shapes/foreign_internal_type/lib"

//guard:dependency
type Dep interface {
	lib.Client
}
