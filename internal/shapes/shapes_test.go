package shapes

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/internal/exercise/fakes"
	"github.com/guardgen/guardgen/templates"
)

var only = flag.String("only", "", "regular expression of the shapes to run")

// TestShapes holds each shape to its verdict: one run of the generator over all that are guarded, one over all that are
// refused, one for each set of build tags and each other system, and one for each other layout of a module.
func TestShapes(t *testing.T) {
	all := readShapes(t)
	var guarded, refused, again, laidOut []*shape
	if chosen, err := regexp.Compile("^(" + *only + ")$"); err != nil {
		t.Fatal(err)
	} else if *only != "" {
		all = slices.DeleteFunc(all, func(s *shape) bool { return !chosen.MatchString(s.name) })
	}
	for _, s := range all {
		switch {
		case s.refused:
			refused = append(refused, s)
		case s.layout != "":
			laidOut = append(laidOut, s)
		default:
			guarded = append(guarded, s)
		}
		if s.tags != "" {
			again = append(again, &shape{name: s.name, reason: s.reason + " (-tags=" + s.tags + ")", tags: s.tags})
		}
		if s.goos != "" {
			again = append(again, &shape{name: s.name, reason: s.reason + " (GOOS=" + s.goos + ")", goos: s.goos})
			s.goos = ""
		}
	}
	m := newModule(t, guarded)
	m.together = true
	if len(guarded) > 0 {
		m.generate("")
		m.vet("", "./...")
		m.test("")
	}
	for _, s := range again {
		m.shapes[s.name] = s
		m.goos = s.goos
		m.generate(s.tags, "./"+s.name)
		if s.goos == "" {
			m.vet(s.tags, "./"+s.name)
			m.test(s.tags)
		} else if _, said := m.goCommand("build", "./"+s.name); said != "" {
			s.problem("build: %s", said)
		}
	}
	for _, s := range laidOut {
		m := newModule(t, []*shape{s})
		m.layOut(s)
		m.generate("")
		m.vet("", "./...")
		m.test("")
		if s.layout == "vendor" {
			m.vendor(s)
		}
	}
	if len(refused) > 0 {
		newModule(t, refused).refuse()
	}
	report(t, slices.Concat(all, again))
}

// report prints the table, and fails for each wrong verdict.
func report(t *testing.T, all []*shape) {
	var table strings.Builder
	var wrong int
	for _, s := range all {
		if !s.refused && s.goos == "" && (s.called == 0 || s.called < s.guarded) {
			s.problem("%d of %d guarded methods were called", s.called, s.guarded)
		}
		if n := s.asserted["refusal"]; !s.refused && s.goos == "" && n != s.guarded {
			s.problem("%d of %d guarded methods were refused", n, s.guarded)
		}
		fmt.Fprintf(&table, "%-26s %-8s %s\n%-36s%s\n", s.name, s.verdict(), s.reason, "", s.seen())
		if len(s.problems) > 0 {
			wrong++
			t.Errorf("shape %s: %s", s.name, strings.Join(s.problems, "\n\t"))
		}
	}
	fmt.Fprintf(&table, "%d shapes, %d of them wrong; what is asserted stands with the number of methods that it was seen of\n", len(all), wrong)
	t.Logf("\n%s", &table)
}

// generate writes the wrappers and their tests.
func (m *module) generate(tags string, patterns ...string) {
	m.calls, m.alone = nil, nil
	config := annotations.Config{Dir: m.dir, Env: m.environment(), Overlay: m.overlay}
	if tags != "" {
		config.BuildFlags = []string{"-tags=" + tags}
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	packages, findings := annotations.Load(context.Background(), config, patterns...)
	for _, finding := range findings {
		switch {
		case finding.Severity != annotations.Error:
		case finding.Pos.Filename == "":
			m.Error(finding)
		default:
			m.shapeOf(finding.Pos.Filename).problem("refused: %s", finding)
		}
	}
	for _, pkg := range packages {
		m.generatePackage(pkg, findings)
	}
	for _, s := range m.shapes {
		if s.clients == 0 && len(s.problems) == 0 {
			s.problem("no annotated type was found")
		}
	}
}

func (m *module) generatePackage(pkg *annotations.Package, findings annotations.Diagnostics) {
	s := m.shapeOf(pkg.Path)
	defer func() {
		if why := recover(); why != nil {
			s.problem("the generator panics: %v", why)
		}
	}()
	for _, file := range pkg.Files {
		text, problems := templates.File(pkg, file)
		for _, problem := range problems {
			s.problem("not written: %s: %s", filepath.Base(problem.Pos.Filename), problem.Message)
		}
		if len(problems) > 0 {
			return
		}
		m.write(annotations.GeneratedPath(file.Path), text)
		account(s, pkg, file, text, findings)
	}
	callable := m.isCallable(pkg)
	path, text, err := fakes.Options{Callable: callable}.File(pkg)
	if err != nil {
		s.problem("no test: %v", err)
		return
	}
	m.write(path, text)
	if callable {
		m.calls = append(m.calls, callsOf(s, pkg, text))
	} else {
		m.alone = append(m.alone, "./"+strings.TrimSuffix(strings.TrimPrefix(pkg.Path, modulePath+"/"), "_test"))
	}
}

// refuse holds the refusals to their words and places. What the model allows, the templates may still refuse.
func (m *module) refuse() {
	config := annotations.Config{Dir: m.dir, Env: m.env}
	packages, findings := annotations.Load(context.Background(), config, "./...")
	said := make(map[string][]string)
	note := func(d annotations.Diagnostic) {
		if d.Severity == annotations.Error {
			name, rest, _ := strings.Cut(d.String(), "/")
			said[name] = append(said[name], rest)
		}
	}
	for _, finding := range findings {
		note(finding)
	}
	for _, pkg := range packages {
		if s := m.shapeOf(pkg.Path); said[s.name] != nil {
			continue
		}
		for _, file := range pkg.Files {
			_, problems := templates.File(pkg, file)
			for _, problem := range problems {
				problem.Pos = config.Relative(problem.Pos)
				note(problem)
			}
		}
	}
	for _, s := range m.shapes {
		if got, want := strings.Join(said[s.name], "\n// "), strings.Join(s.refusals, "\n// "); got != want {
			s.problem("refused with\n// %s\nwant\n// %s", got, want)
		}
	}
}

func (m *module) write(path string, text []byte) {
	if err := os.WriteFile(path, text, 0o644); err != nil {
		m.Fatal(err)
	}
}
