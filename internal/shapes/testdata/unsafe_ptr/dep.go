// unsafe_ptr: unsafe.Pointer and uintptr.
// verdict: guarded
package unsafe_ptr

import (
	"context"
	"unsafe"
)

// Alias is one.
type Alias = unsafe.Pointer

//guard:dependency
type Dep interface {
	A(ctx context.Context, p, q unsafe.Pointer, n uintptr) (unsafe.Pointer, error)
	B(ctx context.Context, unsafe unsafe.Pointer, list []Alias) (*unsafe.Pointer, error)
}
