// empty_iface: no methods.
// verdict: refused
// dep.go:7:6: Dep has no methods, so that there is nothing to guard: declare some, or remove //guard:dependency
package empty_iface

//guard:dependency
type Dep interface{}
