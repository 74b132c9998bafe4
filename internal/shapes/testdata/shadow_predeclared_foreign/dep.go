// shadow_predeclared_foreign: the package redefines string, and an embedded method means Go's, which has no name here.
// verdict: refused
// dep.go:13:2: Dep.Get: Go's string cannot be named here, because package shadow_predeclared_foreign declares its own: give that another name
// dep.go:13:2: Dep.Any: Go's string cannot be named here, because package shadow_predeclared_foreign declares its own: give that another name
package shadow_predeclared_foreign

import "github.com/guardgen/guardgen/shapes/shadow_predeclared_foreign/lib"

type string struct{ n int }

//guard:dependency
type Dep interface {
	lib.Client
}
