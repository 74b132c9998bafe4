// Package annotations reads //guard: annotations: it turns the Go source of annotated interfaces and structs into the
// model that guardgen writes wrappers from, and says what in them it does not understand.
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
// The path of a run, a file each: load begins it, list decides what is read and how, golist asks the go command, by the
// settings that goflags follows, and complaints puts what it has against a package into our words. tests adds the tests that
// are annotated, cgo what cgo declares, exports finds export data, source parses and checks, generated knows which files are
// our own, and promise declares the wrappers that are still to be written. directive, options and values read comments, place
// says what each of them stands on, near finds those that only look like directives, unread looks into the files that this
// build leaves out. members flattens interfaces and struct lists the methods of structs, both by the syntax that declaration
// finds, and notes decides which directive holds; read and method make the model, defaults has what holds where nothing is
// said; shape, keys and typewalk judge signatures, functions what options name; refuse says what has no wrapper, unresolved
// which type nobody knows, check, probe, policy and names what is missing or contradicts itself, handout which clients nobody
// guards, and hints gathers what is about several methods.
//
// [Suggest] goes the other way, from a type without annotations to a proposal: target and home find the type and the package
// it is for, form decides how the interface is declared, guess and keyguess what becomes of its methods, inplace adds
// directives to a declaration as it stands; suggestion is what comes of it.
//
// The grammar is strict: what is not understood is an error with a position, never silence, because a mistyped
// annotation would leave a destructive method without its gate.
package annotations
