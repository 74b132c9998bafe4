// foreign_unexp_type: an embedded method whose signature has an unexported type of another package.
// verdict: refused
// dep.go:11:2: Get has the type lib.item in its signature, which package foreign_unexp_type cannot name: annotate an interface with the methods that you call
// dep.go:11:2: Put has the type struct{hidden int} in its signature, which package foreign_unexp_type cannot name: annotate an interface with the methods that you call
package foreign_unexp_type

import "github.com/guardgen/guardgen/shapes/foreign_unexp_type/lib"

//guard:dependency
type Dep interface {
	lib.Client
}
