// Package time is named like that of the standard library.
package time

// Duration is not a duration.
type Duration struct{ N int }
