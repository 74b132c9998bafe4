// map_type: a map with methods.
// verdict: refused
// dep.go:9:6: Dep is neither an interface nor a struct, and only these have a wrapper: annotate an interface with the methods that make the calls
package map_type

import "context"

//guard:dependency
type Dep map[string]int

// Get gets.
func (d Dep) Get(ctx context.Context) error { return nil }
