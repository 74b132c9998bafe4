// Package base has an interface.
package base

import "context"

// Info is about a file.
type Info struct{ Size int }

// Files has files.
type Files interface {
	List(ctx context.Context, glob string) ([]Info, error)
	Open(name string) (*Info, error)
}
