// Package context is named like that of the standard library.
package context

// Context is not a context.
type Context struct{ N int }
