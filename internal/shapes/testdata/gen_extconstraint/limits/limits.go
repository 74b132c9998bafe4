// Package limits has a constraint.
package limits

// Small is a small number.
type Small[T any] interface {
	~uint8 | ~int8
}
