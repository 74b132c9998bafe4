// alias_type_param: a type declared by its own type parameter.
// verdict: refused: type parameter
package alias_type_param

//guard:dependency
type Dep[T any] = T
