// Package templates writes the Go file that belongs to a source file with annotated types.
//
// [File] turns the model of package annotations into the text of the generated file. For each type that is a line
// that ties the file to it, if it is an interface, the annotations as one literal, a type, its constructor and its methods.
// The methods hold no logic: they hand the call to the runtime, so that a repair there needs no regeneration. The
// runtime itself is known here as an import path only.
//
// The text reads like the source it belongs to: methods stand in its order, with its documentation and its parameter
// names wherever these are safe, and nothing in it depends on the machine, the time or the order of a map.
package templates
