// gen_inline_method: a constraint in place with methods, embedded interfaces and a union.
// verdict: guarded
package gen_inline_method

import (
	"context"
	"fmt"
)

// ID is a key.
type ID int

// String returns the key as text.
func (i ID) String() string { return fmt.Sprint(int(i)) }

// Less compares.
func (i ID) Less(other ID) bool { return i < other }

//shape:args Dep ID,ID

//guard:dependency
type Dep[K interface {
	comparable
	fmt.Stringer
	~int | ~int64
}, L interface{ Less(other L) bool }] interface {
	Get(ctx context.Context, key K, limit L) (K, error)
}
