// shadow_predeclared_foreign: the package redefines string, and an embedded method means Go's, which has no name here.
// verdict: refused: cannot be named here
package shadow_predeclared_foreign

import "github.com/guardgen/guardgen/shapes/shadow_predeclared_foreign/lib"

type string struct{ n int }

//guard:dependency
type Dep interface {
	lib.Client
}
