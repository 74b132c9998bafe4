package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// flags is what the options of a verb say.
type flags struct {
	json               bool   // list: for programs
	tags, goos, goarch string // which files are read; "" is what the environment says
}

// parse reads the arguments of a verb and returns the package patterns among them, the current directory without any.
// Options may stand anywhere.
func (f *flags) parse(verb string, args []string) (patterns []string, err error) {
	for _, arg := range args {
		switch {
		case arg == "":
			return nil, errEmpty
		case strings.HasPrefix(arg, "-"):
			if err := f.set(verb, strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")); err != nil {
				return nil, err
			}
		case isVerb(arg):
			return nil, fmt.Errorf("one verb a run: write guardgen %s, then guardgen %s; a package is written as ./%[2]s", verb, arg)
		default:
			patterns = append(patterns, arg)
		}
	}
	if len(patterns) == 0 {
		return []string{"."}, nil
	}
	return patterns, nil
}

var errEmpty = errors.New("an argument is empty: name a package, such as . or ./...")

// set reads one option, without its dashes.
func (f *flags) set(verb, option string) error {
	name, value, hasValue := strings.Cut(option, "=")
	target := map[string]*string{"tags": &f.tags, "goos": &f.goos, "goarch": &f.goarch}[name]
	switch {
	case name == "json" && verb == "list" && !hasValue:
		f.json = true
	case target == nil:
		own := ""
		if verb == "list" {
			own = "-json, "
		}
		return fmt.Errorf("%s has no option -%s: there are %s-tags=integration, -goos=windows and -goarch=arm64", verb, option, own)
	case value == "":
		return fmt.Errorf("-%s needs a value, behind an equals sign: -%[1]s=…", name)
	default:
		*target = value
	}
	return nil
}

// config says how the go command is asked.
func (s *session) config() annotations.Config {
	config := annotations.Config{Dir: s.dir}
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

func isVerb(word string) bool {
	return slices.ContainsFunc(verbs(), func(v verb) bool { return v.name == word })
}
