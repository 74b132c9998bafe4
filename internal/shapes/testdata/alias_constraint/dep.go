// alias_constraint: an alias of a constraint.
// verdict: refused: constraint
package alias_constraint

import "cmp"

//guard:dependency
type Dep = cmp.Ordered
