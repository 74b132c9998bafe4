package annotations

import (
	"go/ast"
	"go/build"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// reportListErrors reports what the go command says against a root package, and whether it can be read all the same.
// What is wrong with a line of it is no obstacle: whether an annotated signature needs that line is seen later.
func (l *loader) reportListErrors(p *packages.Package) bool {
	readable := len(p.GoFiles) > 0
	for _, err := range p.Errors {
		if readable && (err.Kind != packages.ListError || standsInSource(err) || l.isRenamed(p, err)) {
			continue
		}
		l.reportListError(p, err)
	}
	if p.PkgPath == "command-line-arguments" && readable {
		l.report.add(token.Position{Filename: p.GoFiles[0]}, Error, "this is a file: name its package instead, because a wrapper belongs to one")
		return false
	}
	return readable
}

// isRenamed reports whether err is about two packages in one directory, where one of them is only what guardgen wrote
// before the package got its present name.
func (l *loader) isRenamed(p *packages.Package, err packages.Error) bool {
	if !strings.HasPrefix(err.Msg, "found packages ") {
		return false
	}
	var names []string
	for _, path := range p.GoFiles {
		if file, ours, err := l.parse(path); err == nil && !ours && !slices.Contains(names, file.Name.Name) {
			names = append(names, file.Name.Name)
		}
	}
	return len(names) == 1
}

// standsInSource reports whether err is about a line of the package, such as an import of an internal package or an
// embed pattern without files, so that the rest of the package can be read.
func standsInSource(err packages.Error) bool {
	return parsePosition("", err.Pos).Line > 0
}

// What the go command says with directories of this machine in it, or without a place, or to somebody who builds.
var (
	noDirectory = regexp.MustCompile(`^stat .*: directory not found$`)
	noGoFiles   = regexp.MustCompile(`^no Go files in `)
	allExcluded = regexp.MustCompile(`^build constraints exclude all Go files in `)
	notInStd    = regexp.MustCompile(`^package (\S+) is not in std \(.*\)$`)
	twoPackages = regexp.MustCompile(`^found packages (\S+) \((.+?)\) and (\S+) \((.+?)\) in `)
	importCycle = regexp.MustCompile(`^(import cycle) not allowed(| in test): import stack: \[(.*)\]$`)
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
		said := importCycle.FindStringSubmatch(message)
		stack := strings.Fields(said[3])
		pos = l.importOf(p, stack)
		message = said[1] + said[2] + ": " + strings.Join(stack, " imports ")
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

// matched reports whether pattern named one of the packages. Only wildcards can fail to: for everything else the go
// command invents a package that holds the error.
func (l *loader) matched(pattern string, found []*packages.Package) bool {
	if !strings.Contains(pattern, "...") {
		return true
	}
	local := build.IsLocalImport(pattern) || filepath.IsAbs(pattern)
	if local && !filepath.IsAbs(pattern) {
		pattern = filepath.Join(l.config.Dir, pattern)
	}
	expression := strings.ReplaceAll(regexp.QuoteMeta(filepath.ToSlash(pattern)), `\.\.\.`, `.*`)
	if prefix, ok := strings.CutSuffix(expression, `/.*`); ok {
		expression = prefix + `(/.*)?`
	}
	matches := regexp.MustCompile(`^` + expression + `$`).MatchString
	return slices.ContainsFunc(found, func(p *packages.Package) bool {
		if local {
			return matches(filepath.ToSlash(p.Dir)) || len(p.GoFiles) > 0 && matches(filepath.ToSlash(filepath.Dir(p.GoFiles[0])))
		}
		return matches(p.PkgPath)
	})
}

// parsePosition reads the "file:line:col" of an error of the go command; dir is what a relative file is relative to.
func parsePosition(dir, text string) token.Position {
	var numbers []int
	for len(numbers) < 2 {
		i := strings.LastIndexByte(text, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(text[i+1:])
		if err != nil {
			break
		}
		text, numbers = text[:i], append([]int{n}, numbers...)
	}
	if len(numbers) == 0 {
		return token.Position{}
	}
	if dir != "" && !filepath.IsAbs(text) {
		text = filepath.Join(dir, text)
	}
	pos := token.Position{Filename: text, Line: numbers[0]}
	if len(numbers) > 1 {
		pos.Column = numbers[1]
	}
	return pos
}
