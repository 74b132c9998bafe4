// alias_constraint: an alias of a constraint.
// verdict: refused
// dep.go:9:6: Dep is a constraint: no value has its type, so that there is nothing to guard: annotate an interface of methods only
package alias_constraint

import "cmp"

//guard:dependency
type Dep = cmp.Ordered
