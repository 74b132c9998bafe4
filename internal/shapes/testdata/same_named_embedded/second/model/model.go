// Package model has other items.
package model

// Item is one.
type Item struct{ S string }
