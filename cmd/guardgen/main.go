// Command guardgen writes guarded wrappers for annotated interfaces.
//
//	//go:generate go tool guardgen
//
// Without arguments it does so for the package in the current directory; guardgen help tells the rest.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Exit codes.
const (
	exitOK     = 0
	exitStale  = 1 // check found a file that generate would change
	exitFailed = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, ".")) }

// run is guardgen in the directory dir. It returns the exit code.
func run(args []string, stdout, stderr io.Writer, dir string) int {
	s := &session{stdout: stdout, stderr: stderr, dir: dir}
	v, rest, err := parse(args)
	if err != nil {
		return s.fail(err)
	}
	return v.run(s, rest)
}

// session is one run of guardgen.
type session struct {
	stdout, stderr io.Writer
	dir            string // where patterns are resolved and what paths are relative to
	flags
}

// fail reports what is not about the source.
func (s *session) fail(err error) int {
	fmt.Fprintf(s.stderr, "guardgen: %v\n", err)
	return exitFailed
}

// verb is what the first argument says.
type verb struct {
	name string
	run  func(s *session, args []string) int
}

// verbs lists what there is, the one that holds without a verb first.
func verbs() []verb {
	return []verb{
		{"generate", (*session).generate},
		{"check", (*session).check},
		{"list", (*session).list},
		{"suggest", (*session).suggest},
		{"version", (*session).version},
		{"help", (*session).help},
	}
}

// spellings are what other programs call some of the verbs.
var spellings = map[string]string{
	"-h": "help", "-help": "help", "--help": "help", "-version": "version", "--version": "version",
}

// parse splits the arguments into a verb and its own arguments. Without a verb it is generate.
func parse(args []string) (verb, []string, error) {
	verbs := verbs()
	if len(args) == 0 {
		return verbs[0], nil, nil
	}
	first := args[0]
	if meant, ok := spellings[first]; ok {
		first = meant
	}
	if i := slices.IndexFunc(verbs, func(v verb) bool { return v.name == first }); i >= 0 {
		return verbs[i], args[1:], nil
	}
	if first == "" || isPattern(first) || strings.HasPrefix(first, "-") {
		return verbs[0], args, nil
	}
	return verb{}, nil, fmt.Errorf("unknown verb %s: %sthe verbs are generate, check, list, suggest, version and help; "+
		"a package is written as ./%[1]s, or with its whole import path", first, guess(first))
}

// isPattern reports whether an argument can only be a package pattern: unlike a verb it is a path.
func isPattern(arg string) bool {
	return arg == "." || arg == ".." || strings.Contains(arg, "/") || strings.Contains(arg, `\`) || strings.Contains(arg, "...")
}

// guess names the verb that was probably meant. Each has its own initial.
func guess(word string) string {
	verbs := verbs()
	i := slices.IndexFunc(verbs, func(v verb) bool { return v.name[0] == word[0]|0x20 })
	if i < 0 {
		return ""
	}
	return "did you mean " + verbs[i].name + "? "
}
