package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// flags is what the options of a run say.
type flags struct {
	json               bool   // findings, and the inventory, for programs
	strict             bool   // a warning fails the run
	verbose            bool   // say what took how long
	tags, goos, goarch string // which files are read; "" is what the environment says
}

// option is one option of the command line. All verbs have the same.
type option struct {
	name    string
	example string // of its value; "" for a switch
	set     func(s *session, value string) error
}

// text keeps the value of an option as it is.
func text(name, example string, field func(*session) *string) option {
	return option{name, example, func(s *session, value string) error {
		*field(s) = value
		return nil
	}}
}

// turn is an option without a value, or with true or false.
func turn(name string, field func(*session) *bool) option {
	return option{name, "", func(s *session, value string) (err error) {
		if *field(s), err = strconv.ParseBool(value); err != nil {
			return fmt.Errorf("-%s is a switch: write -%[1]s, or leave it out", name)
		}
		return nil
	}}
}

var options = []option{
	{"C", "dir", (*session).enter},
	turn("json", func(s *session) *bool { return &s.json }),
	turn("strict", func(s *session) *bool { return &s.strict }),
	turn("v", func(s *session) *bool { return &s.verbose }),
	text("tags", "integration", func(s *session) *string { return &s.tags }),
	text("goos", "windows", func(s *session) *string { return &s.goos }),
	text("goarch", "arm64", func(s *session) *string { return &s.goarch }),
}

// lookUp returns the option of that name, or nil.
func lookUp(name string) *option {
	for i := range options {
		if options[i].name == name {
			return &options[i]
		}
	}
	return nil
}

// takesNext reports whether the argument behind an option is its value.
func (o *option) takesNext(value *string) bool { return o.example != "" && value == nil }

// cutOption splits an argument into the name of an option, without its dashes, and what stands behind its equals sign,
// nil without one.
func cutOption(arg string) (name string, value *string, isOption bool) {
	name, isOption = strings.CutPrefix(arg, "-")
	if !isOption {
		return "", nil, false
	}
	name, behind, hasValue := strings.Cut(strings.TrimPrefix(name, "-"), "=")
	if hasValue {
		value = &behind
	}
	return name, value, true
}

// parse reads the arguments of a verb and returns the package patterns among them, the current directory without any.
// Options may stand anywhere before --.
func (s *session) parse(verb string, args []string) (patterns []string, err error) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		name, value, isOption := cutOption(arg)
		switch {
		case arg == "":
			return nil, errEmpty
		case arg == "--":
			patterns, args = append(patterns, args[i+1:]...), nil
		case isOption:
			o := lookUp(name)
			if o == nil {
				return nil, unknownOption(arg, name)
			}
			if o.takesNext(value) && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
				i++
				value = &args[i]
			}
			if err := o.give(s, value); err != nil {
				return nil, err
			}
		case find(arg).run != nil:
			return nil, fmt.Errorf("one verb a run: write guardgen %s, then guardgen %s; a package is written as ./%[2]s", verb, arg)
		case query.MatchString(arg):
			return nil, fmt.Errorf("%s is no package: name packages as for the go command, such as ./... or an import path", arg)
		default:
			patterns = append(patterns, arg)
		}
	}
	if len(patterns) == 0 {
		return []string{"."}, nil
	}
	return patterns, nil
}

// query matches what the go command would not know, and the library that asks it takes for a question of its own.
var query = regexp.MustCompile(`^[a-z]*=`)

var errEmpty = errors.New("an argument is empty: name a package, such as . or ./...")

// give sets an option to a value; nil is none.
func (o *option) give(s *session, value *string) error {
	switch {
	case o.example == "" && value == nil:
		return o.set(s, "true")
	case o.example != "" && (value == nil || *value == ""):
		return fmt.Errorf("-%s needs a value: -%[1]s=%s", o.name, o.example)
	case o.name != "C" && o.example != "" && isPattern(*value): // guardgen -tags ./...
		return fmt.Errorf("-%[1]s needs a value, and %[2]s is a package: -%[1]s=%[3]s", o.name, *value, o.example)
	default:
		return o.set(s, *value)
	}
}

// unknownOption names the option that was probably meant, else all there are.
func unknownOption(arg, name string) error {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = "-" + o.name
	}
	said, _, _ := strings.Cut(arg, "=")
	meant := ""
	if len(name) > 1 { // every letter is near every other
		meant = "-" + name
	}
	return fmt.Errorf("no option is called %s: %s", said, annotations.DidYouMean(meant, names))
}

// enter makes dir the directory of the run.
func (s *session) enter(dir string) error {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(s.dir, dir)
	}
	switch info, err := os.Stat(dir); {
	case err != nil:
		return fmt.Errorf("-C: %w", err)
	case !info.IsDir():
		return fmt.Errorf("-C: %s is not a directory", dir)
	}
	s.dir = dir
	return nil
}

// config says how the go command is asked.
func (s *session) config() annotations.Config {
	config := annotations.Config{Dir: s.dir, Trace: s.trace}
	if s.tags != "" {
		config.BuildFlags = []string{"-tags=" + s.tags}
	}
	var target []string
	if s.goos != "" {
		target = append(target, "GOOS="+s.goos)
	}
	if s.goarch != "" {
		target = append(target, "GOARCH="+s.goarch)
	}
	if len(target) > 0 {
		config.Env = append(os.Environ(), target...)
	}
	return config
}
