// anon_iface: interfaces without a name, with methods.
// verdict: guarded
package anon_iface

import (
	"context"
	"io"
)

//guard:dependency
type Dep interface {
	A(ctx context.Context, l interface{ Len() int }) error
	B(ctx context.Context, l interface {
		Len() int
		Swap(i, j int)
	}) (interface {
		io.Reader
		Len() int
	}, error)
	C(ctx context.Context, x interface {
		hidden() bool
		Open(name string) (io.Reader, error)
	}) error
	D(ctx context.Context, list []interface{ Len() int }, e interface{ error }) error
}

type list []int

// Len counts.
func (l list) Len() int { return len(l) }

// Swap swaps.
func (l list) Swap(i, j int) {}

// Read reads.
func (l list) Read([]byte) (int, error) { return 0, io.EOF }

func (l list) hidden() bool { return true }

// Open opens.
func (l list) Open(string) (io.Reader, error) { return l, nil }

func samples() []any { return []any{&list{1}, &list{2}} }
