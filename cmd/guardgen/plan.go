package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
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

// plan computes everything that generate would change, sorted by path, files to go last. It prints the findings; ok is
// false if they fail the run.
func (s *session) plan(patterns []string) (changes []change, ok bool) {
	var own map[string]string
	var err error
	listed := make(chan struct{})
	go func() { // beside the rest, because it takes the go command as long as a small package takes in all
		defer close(listed)
		own, err = s.ownPackages(patterns)
	}()
	packages, findings := s.load(patterns)
	<-listed
	if err != nil {
		if !findings.HasErrors() { // which say the same
			s.fail(err)
		}
		s.print(findings)
		return nil, false
	}
	complete := !findings.HasErrors()
	end := s.phase("make the texts")
	planned, directories := make(map[string]bool), slices.Sorted(maps.Values(own))
	for _, pkg := range packages {
		if !slices.Contains(directories, pkg.Dir) {
			findings = append(findings, s.finding(pkg.Files[0].Path, "package "+pkg.Path+" belongs to another module: guardgen writes into your own only"))
			continue
		}
		for _, file := range pkg.Files {
			c, found := s.planFile(pkg, file, complete)
			findings = append(findings, found...)
			planned[c.path] = true
			if !bytes.Equal(c.old, c.new) {
				changes = append(changes, c)
			}
		}
	}
	end()
	orphans, copies, err := orphans(directories, planned)
	if err != nil {
		s.fail(err)
		return nil, false
	}
	for _, c := range copies {
		findings = append(findings, s.finding(c.path, c.why))
	}
	if ok = s.print(findings); ok && len(packages) == 0 && len(orphans) == 0 {
		return nil, s.nothingFound(patterns)
	}
	slices.SortFunc(changes, func(a, b change) int { return strings.Compare(a.path, b.path) })
	changes = append(changes, orphans...)
	if s.verbose {
		s.summary(len(own), packages, len(planned), len(changes))
	}
	return changes, ok
}

// summary says what the run found.
func (s *session) summary(named int, packages []*annotations.Package, files, changes int) {
	types := 0
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			types += len(file.Clients)
		}
	}
	s.notef("%s, %s in %d of them, %s, %d stale", count(named, "package", "packages"),
		count(types, "annotated type", "annotated types"), len(packages), count(files, "generated file", "generated files"), changes)
}

// load reads the annotations.
func (s *session) load(patterns []string) ([]*annotations.Package, annotations.Diagnostics) {
	return annotations.Load(context.Background(), s.config(), patterns...)
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
	const message = "no annotated interface in %s: write //guard:dependency above an interface"
	if !slices.ContainsFunc(patterns, func(p string) bool { return strings.Contains(p, "...") }) {
		s.fail(fmt.Errorf(message, strings.Join(patterns, " ")))
		return false
	}
	s.notef(message, strings.Join(patterns, " "))
	return true
}

// ownPackages returns the directories of the packages that the patterns name, by import path, also of those without
// annotations. Packages of modules that are
// only required are left out: they are not ours to write into.
func (s *session) ownPackages(patterns []string) (map[string]string, error) {
	const format = "{{if not (or .Standard (and .Module (not .Module.Main)))}}{{.ImportPath}}\t{{.Dir}}{{end}}"
	config := s.config()
	list := exec.Command("go", slices.Concat([]string{"list", "-e", "-find", "-f", format}, config.BuildFlags, []string{"--"}, patterns)...)
	list.Dir, list.Env = config.Dir, config.Env
	if dir, err := filepath.Abs(config.Dir); err == nil {
		list.Env = append(list.Environ(), "PWD="+dir) // so that a directory keeps the name by which one came there
	}
	var stderr bytes.Buffer
	list.Stderr = &stderr
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %s", cmp.Or(strings.TrimSpace(stderr.String()), err.Error()))
	}
	own := make(map[string]string)
	for line := range strings.Lines(string(output)) {
		if path, directory, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			own[path] = directory
		}
	}
	return own, nil
}
