// Package deep is internal.
package deep

// Item is one.
type Item struct{ N int }
