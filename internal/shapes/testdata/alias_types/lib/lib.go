// Package lib shows what it hides by aliases.
package lib

import "github.com/guardgen/guardgen/shapes/alias_types/lib/internal/deep"

type secret struct{ n int }

// Opaque is an alias of an unexported type.
type Opaque = *secret

// Handle is an alias of a type of an internal package.
type Handle = deep.Handle
