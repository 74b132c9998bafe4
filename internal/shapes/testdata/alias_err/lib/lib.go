// Package lib has an alias.
package lib

// Error is error.
type Error = error
