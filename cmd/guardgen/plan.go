package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

// change is one file that is not as it should be. Nothing of it has been written yet.
type change struct {
	path string // absolute
	old  []byte // nil: there is no file
	new  []byte // nil: the file is to go
	why  string // of a file that is to go
}

// plan is what a run found out: what is to be said, and everything that generate would change.
type plan struct {
	findings annotations.Diagnostics
	packages []*annotations.Package // with annotated types
	changes  []change               // sorted by path, files to go last
	named    int                    // how many packages the patterns name, with annotated types or without
	files    int                    // how many generated files there are when all is up to date
}

// changes returns everything that generate would change, and prints what is to be said about it; ok is false if that fails
// the run.
func (s *session) changes(patterns []string) (changes []change, ok bool) {
	p, err := s.plan(patterns)
	if err != nil {
		s.fail(err)
		s.print(p.findings)
		return nil, false
	}
	if !s.print(p.findings) {
		return nil, false
	}
	if len(p.packages) == 0 && len(p.changes) == 0 {
		return nil, s.nothingFound(patterns)
	}
	if s.verbose {
		s.summary(p)
	}
	return p.changes, true
}

// plan reads the annotations, makes the texts and compares them with the files that are there.
func (s *session) plan(patterns []string) (p plan, err error) {
	config := s.config()
	var directories []string // of the user's own packages
	config.Named = func(dir string) { directories = append(directories, dir) }
	p.packages, p.findings = annotations.Load(s.ctx, config, patterns...)
	p.named = len(directories)
	slices.Sort(directories)
	planned := s.planFiles(&p, directories)
	orphans, copies, err := orphans(directories, planned)
	if err != nil {
		return p, err
	}
	for _, c := range copies {
		p.findings = append(p.findings, s.finding(c.path, c.why))
	}
	p.changes = append(p.changes, orphans...)
	return p, nil
}

// planFiles adds the files of the annotated types to the plan, and returns the paths of all that are to be there.
func (s *session) planFiles(p *plan, directories []string) map[string]bool {
	defer s.phase("make the texts")()
	complete, planned := !p.findings.HasErrors(), make(map[string]bool)
	for _, pkg := range p.packages {
		if !slices.Contains(directories, pkg.Dir) {
			p.findings = append(p.findings, s.finding(pkg.Files[0].Path, "package "+pkg.Path+" belongs to another module: guardgen writes into your own only"))
			continue
		}
		for _, file := range pkg.Files {
			c, found := s.planFile(pkg, file, complete)
			p.findings = append(p.findings, found...)
			planned[c.path] = true
			if !bytes.Equal(c.old, c.new) {
				p.changes = append(p.changes, c)
			}
		}
	}
	slices.SortFunc(p.changes, func(a, b change) int { return strings.Compare(a.path, b.path) })
	p.files = len(planned)
	return planned
}

// summary says what the run found.
func (s *session) summary(p plan) {
	types := 0
	for _, pkg := range p.packages {
		for _, file := range pkg.Files {
			types += len(file.Clients)
		}
	}
	s.notef("%s, %s in %d of them, %s, %d stale", count(p.named, "package", "packages"),
		count(types, "annotated type", "annotated types"), len(p.packages), count(p.files, "generated file", "generated files"), len(p.changes))
}

// planFile computes the file that belongs to one source file. Its text is only made of a complete package.
func (s *session) planFile(pkg *annotations.Package, file *annotations.File, complete bool) (c change, findings annotations.Diagnostics) {
	c.path = annotations.GeneratedPath(file.Path)
	if complete {
		c.new, findings = templates.File(pkg, file)
	}
	for i := range findings {
		findings[i].Pos = s.config().Relative(findings[i].Pos)
	}
	old, err := os.ReadFile(c.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		findings = append(findings, s.finding(c.path, err.Error()))
	default:
		c.old = bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n")) // git may have changed the ends of lines, and nothing else
		if _, own := annotations.GeneratedFrom(old); !own && len(bytes.TrimSpace(old)) > 0 {
			findings = append(findings, s.finding(c.path, fmt.Sprintf(
				"in the way of the wrappers of %s, and not written by guardgen: rename it", filepath.Base(file.Path))))
		}
	}
	return c, findings
}

// finding is an error about a file as a whole.
func (s *session) finding(path, message string) annotations.Diagnostic {
	pos := s.config().Relative(token.Position{Filename: path, Line: 1, Column: 1})
	return annotations.Diagnostic{Pos: pos, Severity: annotations.Error, Message: message}
}

// nothingFound reports that no type is annotated, which is right where a wildcard asks, and a mistake where a
// package is named: most likely in a go:generate line.
func (s *session) nothingFound(patterns []string) bool {
	const message = "no annotated type in %s: write //guard:dependency above an interface or a struct"
	if !slices.ContainsFunc(patterns, func(p string) bool { return strings.Contains(p, "...") }) {
		s.fail(fmt.Errorf(message, strings.Join(patterns, " ")))
		return false
	}
	s.notef(message, strings.Join(patterns, " "))
	return true
}
