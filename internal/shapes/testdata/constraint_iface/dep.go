// constraint_iface: a constraint.
// verdict: refused: constraint
package constraint_iface

//guard:dependency
type Dep interface{ ~int | ~string }
