package annotations

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/tools/go/packages"
)

// loader finds, parses and checks packages. Of the packages of the user's own modules that have annotated types, or that
// those need, it checks the source, without function bodies, so that they need not compile; of all others it reads the export
// data that the go command keeps, which is several times faster; and where a package has none because it does not compile,
// the source of everything.
// docs/generator.md has the measurements (make measure).
//
// Not safe for concurrent use.
type loader struct {
	config   Config
	report   *reporter
	fset     *token.FileSet
	patience time.Duration  // with the export data
	disorder func([]string) // of the files of a package, in tests

	listed   map[string]*packages.Package // every package of the build, by ID
	roots    map[string]bool              // those that the patterns name
	bare     []*packages.Package          // those of them without Go files in this build
	typed    bool                         // the others are all checked, with annotated types or without
	source   map[string]bool              // those packages that are checked from source
	checked  map[string]*sourcePackage
	contents map[string][]byte    // of the files that were read, by absolute path: several ask for each
	parsed   map[string]*ast.File // by absolute path
	exports  map[string]string    // import path to export data file
	gc       types.Importer       // reads exports
	cgo      map[string]*cgo      // by import path, of packages with annotated types

	annotated map[string]bool // by import path: what hasAnnotations found
}

// newLoader returns a loader that has read nothing.
func newLoader(config Config, report *reporter) *loader {
	return &loader{
		config: config, report: report, fset: report.fset, patience: patience,
		contents: make(map[string][]byte), parsed: make(map[string]*ast.File), annotated: make(map[string]bool),
	}
}

// load returns the packages that the patterns name and that can be read, sorted by import path.
func (l *loader) load(ctx context.Context, patterns []string) []*sourcePackage {
	ids := l.list(ctx, patterns)
	l.runCgo(ctx, ids)
	l.chooseSource(false)
	found := l.findExports(ctx)
	l.parseAll(ids) // meanwhile
	if !found() || !l.checkAll(ids) {
		l.chooseSource(true)
		l.checkAll(ids)
	}
	if ctx.Err() != nil {
		l.report.add(token.Position{}, Error, "interrupted")
	}
	roots := make([]*sourcePackage, len(ids))
	for i, id := range ids {
		roots[i] = l.checked[id]
	}
	return roots
}

// parseAll parses the files of root packages; what is wrong with them is said when they are opened.
func (l *loader) parseAll(ids []string) {
	for _, id := range ids {
		for _, path := range l.listed[id].GoFiles {
			if !l.isOurs(path) {
				l.parse(path)
			}
		}
	}
}

// list fills l.listed and returns the IDs of the root packages, sorted.
func (l *loader) list(ctx context.Context, patterns []string) []string {
	defer l.config.phase("go list")()
	found, err := l.config.goList(ctx, listMode, false, patterns)
	if err != nil && ctx.Err() == nil {
		l.report.add(token.Position{}, Error, commandError(err))
	}
	for _, p := range found {
		if l.config.Named != nil && p.Dir != "" && !isStandard(p) && (p.Module == nil || p.Module.Main) {
			l.config.Named(p.Dir)
		}
	}
	l.listed = make(map[string]*packages.Package)
	l.roots = make(map[string]bool)
	packages.Visit(found, nil, func(p *packages.Package) { l.listed[p.ID] = p })
	roots := l.withTests(ctx, found)
	packages.Visit(roots, nil, func(p *packages.Package) {
		l.listed[p.ID] = p
		if l.disorder != nil {
			l.disorder(p.GoFiles)
		}
		slices.Sort(p.GoFiles) // the order of methods and of names depends on it
	})
	var ids []string
	for _, p := range roots {
		switch {
		case slices.Contains(ids, p.ID):
		case l.reportListErrors(p):
			l.roots[p.ID] = true
			ids = append(ids, p.ID)
		default:
			l.bare = append(l.bare, p)
		}
	}
	complete := !l.report.found.HasErrors()
	for _, pattern := range patterns {
		if complete && !l.matched(pattern, found) {
			l.report.add(token.Position{}, Error, "pattern "+pattern+" matches no package")
		}
	}
	slices.Sort(ids)
	return ids
}

// chooseSource decides which packages are checked from source: the roots with annotated types, and of what they depend on
// the user's own modules, and what depends on one of them, because export data would bring its own copy of their types.
// With everything, all. Of other roots the syntax is enough.
func (l *loader) chooseSource(everything bool) {
	l.source = make(map[string]bool)
	var visit func(p *packages.Package) bool
	visited := make(map[string]bool)
	visit = func(p *packages.Package) bool {
		if visited[p.ID] {
			return l.source[p.ID]
		}
		visited[p.ID] = true
		source := everything || l.writes(p)
		for _, imported := range p.Imports {
			source = visit(imported) || source
		}
		l.source[p.ID] = source
		return source
	}
	for id := range l.roots {
		if l.typed || slices.ContainsFunc(l.listed[id].GoFiles, l.mayBeAnnotated) {
			visit(l.listed[id])
		}
	}
}

// imported returns what the files of a package import, without those that guardgen wrote: they need the runtime, and
// nobody else may.
func (l *loader) imported(p *packages.Package) (paths []string) {
	add := func(file *ast.File) {
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths = append(paths, path)
			}
		}
	}
	for _, path := range p.GoFiles {
		if l.writes(p) && l.isOurs(path) {
			continue
		}
		if file, _, _ := l.parse(path); file != nil {
			add(file)
		}
	}
	if c := l.cgo[p.PkgPath]; c != nil && c.file != nil {
		add(c.file)
	}
	return paths
}

// read returns the contents of a file, from the overlay if it is there.
func (l *loader) read(file string) ([]byte, error) {
	if content, ok := l.config.Overlay[file]; ok {
		return content, nil
	}
	content, ok := l.contents[file]
	if ok {
		return content, nil
	}
	content, err := os.ReadFile(file)
	if err == nil {
		l.contents[file] = content
	}
	return content, err
}
