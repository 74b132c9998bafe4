// defined_struct: a type defined by a struct, which does not have its methods.
// verdict: refused: without exported methods
package defined_struct

import "net/http"

//guard:dependency
type Dep http.Client
