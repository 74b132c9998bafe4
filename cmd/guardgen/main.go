// Command guardgen writes guarded wrappers for annotated interfaces and structs.
//
//	//go:generate go tool guardgen
//
// Without arguments it does so for the package in the current directory; guardgen help tells the rest.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/annotations"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // who interrupts twice does not want to wait
	s := &session{ctx: ctx, stdout: stdout, stderr: stderr, dir: dir}
	v, rest, err := parse(args)
	if err != nil {
		return s.fail(err)
	}
	return v.run(s, rest)
}

// session is one run of guardgen.
type session struct {
	ctx            context.Context // ends when somebody interrupts; what has not been read then is not written
	stdout, stderr io.Writer
	dir            string // where patterns are resolved and what paths are relative to
	flags
}

// verb is what the first word says.
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
var spellings = map[string]string{"h": "help", "help": "help", "version": "version"}

// parse splits the arguments into a verb and its own arguments, options that stand before the verb among them. Without
// a verb it is generate.
func parse(args []string) (verb, []string, error) {
	verbs := verbs()
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		arg := args[i]
		if name, value, isOption := cutOption(arg); isOption {
			if meant, ok := spellings[name]; ok {
				return find(meant), nil, nil
			}
			o := lookUp(name)
			if o == nil { // what follows may be its value
				return verbs[0], args, nil
			}
			if o.takesNext(value) {
				i++
			}
			continue
		}
		if v := find(arg); v.run != nil {
			return v, slices.Delete(slices.Clone(args), i, i+1), nil
		}
		if arg == "" || isPattern(arg) {
			break
		}
		return verb{}, nil, fmt.Errorf("unknown verb %s: %sa package is written as ./%[1]s, or with its whole import path", arg, guess(arg))
	}
	return verbs[0], args, nil
}

// find returns the verb of that name; without one it has nothing to run.
func find(name string) verb {
	verbs := verbs()
	if i := slices.IndexFunc(verbs, func(v verb) bool { return v.name == name }); i >= 0 {
		return verbs[i]
	}
	return verb{}
}

// isPattern reports whether an argument can only be a package pattern: unlike a verb it is a path.
func isPattern(arg string) bool {
	return arg == "." || arg == ".." || strings.Contains(arg, "/") || strings.Contains(arg, `\`) || strings.Contains(arg, "...")
}

// guess names the verb that was probably meant, else all there are.
func guess(word string) string {
	var names []string
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	meant := annotations.DidYouMean(word, names)
	if !strings.HasSuffix(meant, "?") {
		meant += ";"
	}
	return meant + " "
}
