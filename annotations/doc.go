// Package annotations reads //guard: annotations: it turns the Go source of annotated interfaces into the model
// that guardgen writes wrappers from, and says what in them it does not understand.
//
// A run is one call:
//
//	packages, diagnostics := annotations.Load(ctx, annotations.Config{Dir: dir}, "./...")
//	for _, d := range diagnostics {
//		fmt.Fprintln(os.Stderr, d) // transport.go:12:3: unknown directive //guard:destuctive: did you mean destructive?
//	}
//	if diagnostics.HasErrors() {
//		os.Exit(2)
//	}
//
// The path of a run, a file each: list asks the go command which packages there are, source parses and checks them,
// promise declares the wrappers that are still to be written, directive and options read comments, place says what each
// comment stands on, near finds those that only look like directives, unread looks into the files that this build leaves
// out, members flattens embedded interfaces, read makes the model, shape and keys judge signatures, check and probe
// say what is missing or contradicts itself, handout which results nobody guards.
//
// [Suggest] goes the other way, from a type without annotations to a proposal: target and home find the type and the package
// it is for, form decides how the interface is declared, guess and keyguess what becomes of its methods, inplace adds
// directives to a declaration as it stands.
//
// The grammar is strict: what is not understood is an error with a position, never silence, because a mistyped
// annotation would leave a destructive method without its gate.
package annotations
