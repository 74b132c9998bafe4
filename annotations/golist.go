package annotations

import (
	"cmp"
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// What the go command says with directories of this machine in it, or without a place, or to somebody who builds.
var (
	noDirectory = regexp.MustCompile(`^stat .*: directory not found$`)
	noGoFiles   = regexp.MustCompile(`^no Go files in `)
	allExcluded = regexp.MustCompile(`^build constraints exclude all Go files in `)
	notInStd    = regexp.MustCompile(`^package (\S+) is not in std \(.*\)$`)
	twoPackages = regexp.MustCompile(`^found packages (\S+) \((.+?)\) and (\S+) \((.+?)\) in `)
	importCycle = regexp.MustCompile(`^import cycle not allowed: import stack: \[(.*)\]$`)
)

// reportListError reports what the go command has against a package that a pattern names, in the words and at the place
// that help whoever named it.
func (l *loader) reportListError(p *packages.Package, err packages.Error) {
	message := oneLine(err.Msg)
	pos := parsePosition(l.config.Dir, err.Pos)
	switch {
	case noDirectory.MatchString(message):
		message = p.ID + ": there is no such directory"
	case noGoFiles.MatchString(message):
		message = p.ID + ": no Go files here: name the packages below it as " + strings.TrimSuffix(p.ID, "/") + "/..."
	case allExcluded.MatchString(message):
		message = p.ID + ": this build leaves out every Go file: name another with -tags=, -goos= or -goarch="
	case notInStd.MatchString(message):
		path := notInStd.FindStringSubmatch(message)[1]
		message = "package " + path + " is not in std: a directory is written as ./" + path
	case twoPackages.MatchString(message):
		said := twoPackages.FindStringSubmatch(message)
		pos = l.packageClause(p, said[4])
		message = "package " + said[3] + " in the directory of package " + said[1] + " (" + said[2] + "): a directory is one package, move one of them or correct its name"
	case importCycle.MatchString(message):
		stack := strings.Fields(importCycle.FindStringSubmatch(message)[1])
		pos = l.importOf(p, stack)
		message = "import cycle: " + strings.Join(stack, " imports ")
	}
	l.report.add(pos, Error, message)
}

// packageClause returns where the package clause of a file of p names the package, no position where that cannot be read.
func (l *loader) packageClause(p *packages.Package, base string) token.Position {
	for _, path := range p.GoFiles {
		if filepath.Base(path) == base {
			if file, _, _ := l.parse(path); file != nil && file.Name != nil {
				return l.report.position(file.Name.Pos())
			}
		}
	}
	return token.Position{}
}

// importOf returns where p imports its successor on a stack of import paths.
func (l *loader) importOf(p *packages.Package, stack []string) token.Position {
	i := slices.Index(stack, p.PkgPath)
	if i < 0 || i+1 == len(stack) {
		return token.Position{}
	}
	for _, path := range p.GoFiles {
		file, _, _ := l.parse(path)
		if file == nil {
			continue
		}
		if at := slices.IndexFunc(file.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == strconv.Quote(stack[i+1]) }); at >= 0 {
			return l.report.position(file.Imports[at].Path.Pos())
		}
	}
	return token.Position{}
}

// commandNoise is what stands before the go command's own words.
var commandNoise = regexp.MustCompile(`^err: (.*): stderr: `)

// commandError returns the message of a go command that has listed nothing at all: its own words, or why it has none.
func commandError(err error) string {
	text := err.Error()
	said := commandNoise.ReplaceAllString(text, "")
	if match := commandNoise.FindStringSubmatch(text); match != nil {
		said = cmp.Or(strings.TrimSpace(said), match[1])
	}
	return oneLine(said)
}
