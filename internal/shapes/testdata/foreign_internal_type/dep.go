// foreign_internal_type: an embedded method whose signature has a type of an internal package of others.
// verdict: refused
// dep.go:10:2: Get has the type deep.Item in its signature, which package foreign_internal_type cannot name: annotate an interface with the methods that you call
package foreign_internal_type

import "github.com/guardgen/guardgen/shapes/foreign_internal_type/lib"

//guard:dependency
type Dep interface {
	lib.Client
}
