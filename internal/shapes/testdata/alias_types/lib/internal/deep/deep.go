// Package deep is internal.
package deep

// Handle is known outside by an alias.
type Handle struct{ N int }
