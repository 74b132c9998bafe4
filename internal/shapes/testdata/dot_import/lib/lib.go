// Package lib is imported with a dot.
package lib

// Item is used there.
type Item struct{ N int }
