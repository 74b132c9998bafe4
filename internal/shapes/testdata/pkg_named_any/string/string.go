// Package string is named like something that Go predeclares.
package string

// Builder is none.
type Builder struct{ N int }
