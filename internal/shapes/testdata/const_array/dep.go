// const_array: arrays whose length is a constant.
// verdict: guarded
package const_array

import (
	"context"
	"crypto/sha256"
)

const size = 4

//guard:dependency
type Dep interface {
	A(ctx context.Context, k [size]byte, sum [sha256.Size]byte) ([size * 2][size]int, error)
	B(ctx context.Context, none [0]int, one [1 << 3]string, p *[len("abc")]bool) ([2][]int, error)
	C(ctx context.Context, big [1 << 20]byte) error
}
