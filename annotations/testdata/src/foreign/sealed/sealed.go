// Package sealed has an interface with an unexported method.
package sealed

import "context"

// Sealed cannot be implemented elsewhere.
type Sealed interface{ seal() error }

type hidden struct{}

// Visible is another name of what is hidden.
type Visible = hidden

// Hidden has types that others cannot write.
type Hidden interface {
	Fine(ctx context.Context, v Visible) error
	Argument(m map[string][]hidden) error
	Anonymous(s struct{ x int }) error
	Result() (*hidden, error)
	Sealing(f func(interface{ seal() })) error
}
