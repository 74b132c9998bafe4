// every_kind: every kind of type, in parameters and results.
// verdict: guarded
package every_kind

import (
	"context"
	"math/big"
	"net/netip"
	"reflect"
	"time"
)

// Tree is recursive.
type Tree []Tree

// Node is recursive, too.
type Node struct {
	next, prev *Node
	children   map[string]*Node
}

// Fn is recursive.
type Fn func(Fn) Fn

//guard:dependency
type Dep interface {
	Ints(ctx context.Context, a int8, b int16, c int32, d int64, e uint8, f uint16, g uint32, h uint64, i uintptr) (int, error)
	Floats(ctx context.Context, a, b float32, c, d float64, e complex64, f complex128) (complex64, complex128, error)
	Bools(ctx context.Context, a, b, c, d, e bool) (f, g, h bool, err error)
	Strings(a, b, c string) (d, e string, err error)
	Recursive(ctx context.Context, t Tree, n Node, p *Node, f Fn) (Tree, *Node, Fn, error)
	Foreign(ctx context.Context, t, u time.Time, a netip.Addr, b *big.Int, l *time.Location) (netip.Prefix, time.Month, error)
	Maps(ctx context.Context, m map[[2]int]map[string]*[]func(), n map[any]struct{}, o map[chan int]bool) error
	Types(ctx context.Context, v reflect.Kind, list [][][]int, p ***int) (**string, error)
	Empty(ctx context.Context, a struct{}, b [0]int, c interface{}) error
}
