package shapes

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// calls are the tests of a package that another package can call.
type calls struct {
	of    *shape
	path  string // to import
	tests []string
}

// testFunction is one that package fakes wrote.
var testFunction = regexp.MustCompile(`(?m)^func (TestExercise_[^(]+)\(`)

func callsOf(s *shape, pkg *annotations.Package, text []byte) calls {
	c := calls{of: s, path: pkg.Path}
	for _, match := range testFunction.FindAllSubmatch(text, -1) {
		c.tests = append(c.tests, string(match[1]))
	}
	return c
}

// isCallable reports whether the tests of a package go into the program of all: if it can be imported, and has no tests that
// were written by hand. Those are run only of packages with annotated types.
func (m *module) isCallable(pkg *annotations.Package) bool {
	written, err := filepath.Glob(filepath.Join(pkg.Dir, "*_test.go"))
	if err != nil {
		m.Fatal(err)
	}
	internal := strings.Contains(strings.TrimPrefix(pkg.Path, modulePath), "/internal/")
	return m.together && len(written) == 0 && !internal && pkg.Name != "main"
}

// together is the program of all: the tests of those that have no problem yet, since one may be that they do not compile.
func together(all []calls) []byte {
	var imports, runs strings.Builder
	for i, c := range all {
		if len(c.of.problems) > 0 || len(c.tests) == 0 {
			continue
		}
		fmt.Fprintf(&imports, "\tp%d %q\n", i, c.path)
		for _, test := range c.tests {
			fmt.Fprintf(&runs, "\tt.Run(%q, p%d.%s)\n", c.of.name+"/"+test, i, test)
		}
	}
	return []byte("package shapes\n\nimport (\n\t\"testing\"\n\n" + imports.String() + ")\n\nfunc TestTogether(t *testing.T) {\n" + runs.String() + "}\n")
}

// ofShape makes an event of the program of all one of a shape's package, and reports whether it belongs to one.
func (e *event) ofShape() bool {
	shape, test, ok := strings.Cut(strings.TrimPrefix(e.Test, "TestTogether/"), "/")
	if ok {
		e.Package, e.Test = modulePath+"/"+shape, test
	}
	return ok
}
