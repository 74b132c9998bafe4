// Package b is another program, for all that can be known: what its dependency of the same name is like is its own affair.
package b

import "context"

//guard:dependency name=redis optional
type Third interface {
	F(ctx context.Context) error
}
