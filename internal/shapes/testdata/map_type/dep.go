// map_type: a map with methods.
// verdict: refused: interface
package map_type

import "context"

//guard:dependency
type Dep map[string]int

// Get gets.
func (d Dep) Get(ctx context.Context) error { return nil }
