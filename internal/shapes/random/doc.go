// Package random draws Go packages that hold annotated types, everything that the signature of a method can hold:
//
//	pkg := random.Draw(seed, 10)
//	pkg.Write(dir)
//
// The same seed gives the same text. What is drawn is valid Go, but for a rare accident that [Checker] finds; of each
// method the package knows whether a wrapper has to guard it, so that a wrapper which lets it pass is found, too.
//
// The path of a draw, a file each: names chooses what things are called, helpers writes the types that signatures use,
// scope spells them in one file, types nests them; method draws a method of parameters, results and directives; client the
// annotated interfaces, with what they embed, and structs and defined the other types; dependency the options that fit all
// methods; refusal types that have to be refused; and draw puts the files together. Checker type-checks what was drawn, and
// finds type arguments for what is generic.
//
// The test generates, vets and calls what is drawn: make fuzz-shapes.
package random
