// constraint_iface: a constraint.
// verdict: refused
// dep.go:7:6: Dep is a constraint: no value has its type, so that there is nothing to guard: annotate an interface of methods only
package constraint_iface

//guard:dependency
type Dep interface{ ~int | ~string }
