// foreign_unexp_method: an embedded interface of another package that has an unexported method.
// verdict: refused
// dep.go:10:2: unexported in package types, so that no wrapper can have it: order, setType, setOrder, setParent, sameId, scopePos, setScopePos; annotate an interface with the methods that you call
package foreign_unexp_method

import "go/types"

//guard:dependency
type Dep interface {
	types.Object
	Sync() error
}
