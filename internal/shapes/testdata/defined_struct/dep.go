// defined_struct: a type defined by a struct, which does not have its methods.
// verdict: refused
// dep.go:9:6: Dep is defined by http.Client and has none of its methods, so that there is nothing to guard: write type Dep = http.Client
package defined_struct

import "net/http"

//guard:dependency
type Dep http.Client
