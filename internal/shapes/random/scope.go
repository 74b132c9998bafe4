package random

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A file is one source file of the draw with annotated types: the names that it gives to its imports.
type file struct {
	pkg   *drawing
	name  string
	alias map[string]string // import path to its name here; "." of a dot import
}

// A scope is a place in a file where types are written: its imports, and the type parameters around it.
type scope struct {
	rng
	file   *file
	params []typeParam
	hidden map[string]bool // the names that type parameters have taken from others
	uses   []string        // the import paths that were written

	beside     string   // declarations that the type parameters need
	candidates []string // type arguments that one of them needs
}

type typeParam struct {
	name, constraint string
	comparable       bool
}

func (f *file) scope(r rng) *scope {
	return &scope{rng: r, file: f, hidden: make(map[string]bool)}
}

// standard are the packages of the standard library that signatures use, with the name of each.
var standard = map[string]string{
	"context": "context", "time": "time", "io": "io", "fmt": "fmt", "iter": "iter", "net/url": "url", "text/template": "template",
	"html/template": "template", "math/rand": "rand", "math/rand/v2": "rand", "unsafe": "unsafe", "cmp": "cmp", "sync": "sync", "bytes": "bytes",
}

// newFile names the imports of a file: under their own names, under aliases, and under such as the wrapper wants itself.
func newFile(d *drawing, name string) *file {
	f := &file{pkg: d, name: name, alias: map[string]string{exercisePath: "pexercise"}}
	names := maps.Clone(standard)
	for _, h := range d.helpers[1:] {
		names[h.path] = h.name
	}
	mine := make(map[string]bool)
	for _, path := range slices.Sorted(maps.Keys(names)) {
		if strings.HasSuffix(path, "/dot") && d.one(70) {
			f.alias[path] = "."
			continue
		}
		alias := names[path]
		if d.one(25) {
			alias = pick(d.rng, slices.Concat(generatedNames, functionNames, []string{"std", "any", "error", "string", "nil", "true"})...)
		}
		if alias == "any" || alias == "error" || alias == "string" || alias == "nil" || alias == "true" || alias == "new" {
			alias += "x" // a file that hides these words cannot use them itself
		}
		for i := 2; mine[alias] || d.declared[alias]; i++ {
			alias += strconv.Itoa(i)
		}
		mine[alias] = true
		d.imported[alias] = true
		f.alias[path] = alias
	}
	return f
}

// imports returns the import declaration for the paths that were used.
func (f *file) imports(uses []string) string {
	var b strings.Builder
	b.WriteString("import (\n")
	slices.Sort(uses)
	for _, path := range slices.Compact(uses) {
		alias := f.alias[path]
		if real := f.pkg.packageName(path); alias == real {
			alias = ""
		}
		b.WriteString("\t" + alias + " " + strconv.Quote(path) + "\n")
	}
	b.WriteString(")\n")
	return b.String()
}

// of returns how the scope spells a name of a package; false where a type parameter hides the package.
func (s *scope) of(path, name string) (string, bool) {
	alias := s.file.alias[path]
	if alias == "." {
		if s.hidden[name] || s.file.pkg.declared[name] {
			return "", false
		}
		s.uses = append(s.uses, path)
		return name, true
	}
	if s.hidden[alias] {
		return "", false
	}
	s.uses = append(s.uses, path)
	return alias + "." + name, true
}

// std is of for packages of the standard library, with a spelling for where that fails.
func (s *scope) std(path, name, fallback string) string {
	if text, ok := s.of(path, name); ok {
		return text
	}
	return fallback
}

// helped returns how the scope spells a thing of a helper, and of which helper, one that can be named here.
func (s *scope) helped(thing string) (string, bool) {
	h := pick(s.rng, s.file.pkg.helpers...)
	return s.helpedBy(h, thing)
}

func (s *scope) helpedBy(h *helper, thing string) (string, bool) {
	if h != s.file.pkg.helpers[0] {
		return s.of(h.path, h.n(thing))
	}
	name := h.n(thing)
	return name, !s.hidden[name]
}

// word spells a predeclared name, which must mean Go's here.
func (s *scope) word(names ...string) (string, bool) {
	name := pick(s.rng, names...)
	return name, !s.hidden[name] && !s.file.pkg.declared[name]
}

// until draws until the result is good, and forgets the imports of what was not.
func until[T any](s *scope, draw func() (T, bool)) T {
	before := len(s.uses)
	for {
		if t, ok := draw(); ok {
			return t
		}
		s.uses = s.uses[:before]
	}
}
