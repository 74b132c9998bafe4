// Package guard is named like the runtime.
package guard

// Method is no method of the runtime.
type Method struct{ N int }

// Spec is none, either.
type Spec struct{ N int }
