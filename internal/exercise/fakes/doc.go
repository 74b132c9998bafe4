// Package fakes writes tests for annotated types: a fake of each, and a call of each method of its wrapper through
// package exercise.
//
// Types are spelled by go/types and not by the generator's own writer, so that each holds the other to account. What a
// source has to say to its test stands in comments:
//
//	//shape:args Dep int,*Item       type arguments for a generic type, from the scope of the package
//	//shape:unguarded Dep Len Stats  methods that pass because of their shape, without a //guard:skip
//	//shape:uncalled Dep             a type that has a test of its own, because its calls cannot be observed
//
// A function fakeDep(*exercise.Recorder) in the package makes the fake, where none can be written: a struct's methods
// are its own, and record their calls themselves. A function samples() []any gives values for interfaces with methods,
// and answers() []error the errors that its classifier takes for answers.
package fakes
