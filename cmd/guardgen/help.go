package main

import "fmt"

const usage = `guardgen writes guarded wrappers for annotated interfaces and structs.

	//go:generate go tool guardgen

Usage:

	guardgen [generate] [options] [packages]   write <source>_guard.go beside each source file with annotations
	guardgen check [options] [packages]        write nothing, and print what generate would change, as a diff
	guardgen list [options] [packages]         print what is annotated: dependencies, methods, classes, keys, options
	guardgen suggest [options] PKG.Type        print an annotated interface to start from, for an interface or a struct
	guardgen version                           print the version, and which runtime generated files need
	guardgen help                              print this text

Packages are named as for the go command: ., ./..., or an import path; without any it is the one in the current
directory. A bare word is always a verb. The go command is asked once for all packages, so that one line

	//go:generate go tool guardgen ./...

at the root of a module is faster than one in each package.

Options are the same for every verb, and may stand anywhere. What stands behind -- is a package.

	-C=dir          as if started in that directory
	-strict         warnings are errors
	-json           findings as JSON on standard error, one a line: file, line, column, severity, message; and of list
	                the inventory as JSON on standard output
	-v              what took how long, and how much there was, on standard error; positions in the inventory

These choose which files are read, where that is not what the environment says:

	-tags=a,b       build tags, as of go build
	-goos=windows   the operating system
	-goarch=arm64   the architecture

Files for another system need a run of their own:

	//go:generate go tool guardgen -goos=windows ./...

(GOOS=windows before that line would ask for a guardgen that runs on Windows.)

suggest takes an import path, a directory or the name of a package before the type, or nothing for a type in this
directory: net/http.Client, ./transport.Transport, redis.UniversalClient, Transport. What it prints is a file of this package,

	guardgen suggest redis.UniversalClient > redis.go

but for an interface of your own, which it prints as declared, with directives added: put that in the declaration's place.
What is a guess, and what is for you to decide, stands in a comment above.

Findings are printed as file:line:col: message on standard error, all of one run, sorted. As long as one of them is an
error, nothing is written, in no package. A warning keeps nothing from being written, unless -strict is given, and does
not change the exit status.

generate replaces its own files only, and leaves alone what is up to date. A generated file whose source is gone, or
has no //guard:dependency any more, is removed when everything else has been written.

list prints the inventory of what is destructive. It is made to be committed, and a change of it to be reviewed:

	go tool guardgen list ./... > guard.txt

Exit status: 0 all is well, 1 check found differences, 2 errors.
`

func (s *session) help([]string) int {
	fmt.Fprint(s.stdout, usage)
	return exitOK
}
