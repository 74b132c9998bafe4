// empty_iface: no methods.
// verdict: refused: no methods
package empty_iface

//guard:dependency
type Dep interface{}
