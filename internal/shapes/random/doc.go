// Package random draws Go packages that hold annotated types, everything that the signature of a method can hold:
//
//	pkg := random.Draw(seed, random.Everything)
//	pkg.Write(dir)
//
// The same seed gives the same text. What is drawn is valid Go, but for a rare accident that [Checker] finds; of each
// method the package knows whether a wrapper has to guard it, so that a wrapper which lets it pass is found, too.
//
// The path of a draw, a file each: names chooses what things are called, helpers writes the types that signatures use,
// scope spells them in one file, types nests them, method draws signatures and their directives, client the annotated
// interfaces, and draw puts the files together. Checker type-checks what was drawn, and what was generated beside it.
package random
