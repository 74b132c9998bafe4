// cgo_type: types of cgo in signatures.
// verdict: guarded
package cgo_type

/*
#include <stdlib.h>
typedef struct { int x; double y; } point;
struct pair { long a; };
typedef int number;
*/
import "C"

import (
	"context"
	"unsafe"
)

// Point is an alias of a type of cgo.
type Point = C.point

//guard:dependency
type Dep interface {
	Get(ctx context.Context, k C.int, s *C.char) (C.double, error)
	Draw(ctx context.Context, p C.point, q *C.struct_pair, n C.number) (*C.point, error)
	Many(ctx context.Context, list []C.long, p unsafe.Pointer, size C.size_t) (map[C.int]C.uchar, error)
	Aliased(ctx context.Context, p Point, fn func(C.int) C.int) error
}
