// pointer_type: an alias of a pointer, and a type defined by one.
// verdict: refused: pointer
package pointer_type

import "net/http"

//guard:dependency
type Dep = *http.Client

//guard:dependency
type Other *http.Client
