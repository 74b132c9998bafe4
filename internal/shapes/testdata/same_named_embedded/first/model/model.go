// Package model has items.
package model

// Item is one.
type Item struct{ N int }
