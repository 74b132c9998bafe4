// Package exercise calls each method of a generated wrapper, and holds what comes out of it against what went in. Goldens,
// shapes and drawn interfaces share it.
//
// It is an oracle of its own: what a method reports its error by, and whether a value is the one that was passed, it reads
// from the types at run time, and knows nothing of the generator.
package exercise
