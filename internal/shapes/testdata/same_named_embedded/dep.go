// same_named_embedded: packages of the same name that only embedded interfaces import.
// verdict: guarded
package same_named_embedded

import (
	"github.com/guardgen/guardgen/shapes/same_named_embedded/first"
	"github.com/guardgen/guardgen/shapes/same_named_embedded/second"
)

//guard:dependency
type Dep interface {
	first.Client
	second.Client
}
