// alias_type_param: a type declared by its own type parameter.
// verdict: refused
// dep.go:7:19: cannot use type parameter declared in alias declaration as RHS
package alias_type_param

//guard:dependency
type Dep[T any] = T
