// Package any is named like something that Go predeclares.
package any

// Any is a type.
type Any struct{ N int }
