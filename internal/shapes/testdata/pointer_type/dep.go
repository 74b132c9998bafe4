// pointer_type: an alias of a pointer, and a type defined by one.
// verdict: refused
// dep.go:10:6: Dep stands for a pointer: annotate what it points to, as in type Dep = http.Client
// dep.go:13:6: Other stands for a pointer: annotate what it points to, as in type Other = http.Client
package pointer_type

import "net/http"

//guard:dependency
type Dep = *http.Client

//guard:dependency
type Other *http.Client
