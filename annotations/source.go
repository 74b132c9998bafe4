package annotations

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"
)

// sourcePackage is a package read from source, as far as it can be understood.
type sourcePackage struct {
	*packages.Package
	files         []*ast.File     // parallel to paths
	paths         []string        // absolute, sorted as the go command does; without files written by guardgen
	promised      map[string]bool // names of the wrappers that are declared for the check only
	types         *types.Package  // nil for a root that needs none
	errors        []types.Error
	importErrors  map[string]error // import path to why it cannot be imported
	hasParseError bool
}

// errNoExportData says that a package must be read from source after all.
var errNoExportData = errors.New("no readable export data")

// isTested reports whether p is a package as it is when it is tested: with its test files.
func (p *sourcePackage) isTested() bool { return p.ForTest != "" && p.ForTest == p.PkgPath }

// checkAll checks the packages with the given IDs. It reports false when export data turned out to be unreadable.
func (l *loader) checkAll(ids []string) bool {
	defer l.config.phase("parse and check")()
	l.checked = make(map[string]*sourcePackage)
	l.gc = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(l.exports[path])
	})
	readable := true
	for _, id := range ids {
		if l.source[id] {
			l.check(id)
		} else {
			l.checked[id] = l.open(id)
		}
	}
	for _, p := range l.checked {
		for _, err := range p.importErrors {
			readable = readable && !errors.Is(err, errNoExportData)
		}
	}
	return readable
}

// check parses and type-checks one package, after those it imports. Errors are kept, not reported: whether they matter
// is for the reader to say.
func (l *loader) check(id string) *sourcePackage {
	if p, ok := l.checked[id]; ok {
		return p
	}
	p := l.open(id)
	l.checked[id] = p
	config := types.Config{
		Importer:         importerOf{l, p},
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", l.config.architecture()),
		Error: func(err error) {
			if err, ok := errors.AsType[types.Error](err); ok {
				p.errors = append(p.errors, err)
			}
		},
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		config.GoVersion = "go" + p.Module.GoVersion
	}
	files := p.files
	if l.writes(p.Package) {
		files = p.withPromises()
	}
	if c := l.cgo[p.PkgPath]; c != nil && c.file != nil {
		for _, file := range files {
			if importsC(file) {
				c.rewrite(file)
			}
		}
		files = append(slices.Clip(files), c.file)
	}
	p.types, _ = config.Check(p.PkgPath, l.fset, files, nil) // config.Error has the errors
	if len(p.files) == 0 {
		p.types.SetName(p.Name) // there is nothing but older output
	}
	p.Name = p.types.Name() // the go command may have it from an older output
	return p
}

// open parses the files of one package.
func (l *loader) open(id string) *sourcePackage {
	p := &sourcePackage{Package: l.listed[id], importErrors: make(map[string]error), promised: make(map[string]bool)}
	for _, path := range p.GoFiles {
		if filepath.Ext(path) == ".go" {
			l.parseInto(p, path)
		}
	}
	return p
}

// writes reports whether the generated files of a package are for guardgen to write: in the user's own modules, and
// where a pattern names the package. They are left out then, in every package alike: what is in them belongs to an older
// state of the interfaces, and their names are free for the next.
func (l *loader) writes(p *packages.Package) bool {
	return l.roots[p.ID] || p.Module != nil && p.Module.Main
}

// isOwn reports whether the package with that import path is one for guardgen to write into.
func (l *loader) isOwn(path string) bool {
	if p := l.listed[path]; p != nil {
		return l.writes(p)
	}
	for id := range l.roots { // the tests of a package have another ID
		if l.listed[id].PkgPath == path {
			return true
		}
	}
	return false
}

// parseInto adds one file to p, unless it is for guardgen to write.
func (l *loader) parseInto(p *sourcePackage, path string) {
	if l.writes(p.Package) && l.isOurs(path) {
		return
	}
	file, ours, err := l.parse(path)
	if ours && l.writes(p.Package) {
		return
	}
	if err != nil {
		p.hasParseError = true
		if l.roots[p.ID] {
			l.reportParseError(path, err)
		}
	}
	if file != nil {
		p.files = append(p.files, file)
		p.paths = append(p.paths, path)
	}
}

// isOurs reports whether guardgen wrote a file, from what stands above its package clause alone.
func (l *loader) isOurs(path string) bool {
	content, err := l.read(path)
	if err != nil || !bytes.Contains(content, []byte(headerStart)) {
		return false
	}
	file, _ := parser.ParseFile(token.NewFileSet(), path, content, parser.PackageClauseOnly|parser.ParseComments)
	return isGenerated(file)
}

// parse returns the syntax of a file, and whether guardgen wrote it. An empty file has no syntax, and counts as written
// by guardgen: a run that was cut short leaves such files, and nothing is lost with them.
func (l *loader) parse(path string) (file *ast.File, ours bool, err error) {
	content, err := l.read(path)
	if err != nil {
		return nil, false, err
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, true, nil
	}
	file = l.parsed[path]
	if file == nil {
		file, err = parser.ParseFile(l.fset, path, content, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			l.parsed[path] = file
		}
	}
	return file, isGenerated(file), err
}

func (l *loader) reportParseError(path string, err error) {
	list, ok := errors.AsType[scanner.ErrorList](err)
	if !ok {
		list = scanner.ErrorList{{Msg: err.Error()}}
		list[0].Pos.Filename = path
	}
	for _, e := range list {
		l.report.add(e.Pos, Error, e.Msg)
	}
}

// importerOf resolves the imports of one package.
type importerOf struct {
	loader *loader
	by     *sourcePackage
}

// Import returns the package that path means in the importing package.
func (i importerOf) Import(path string) (*types.Package, error) {
	found, err := i.find(path)
	if err != nil {
		i.by.importErrors[path] = err
	}
	return found, err
}

func (i importerOf) find(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	listed := i.by.Imports[path]
	switch {
	case listed == nil:
		for _, err := range i.by.Errors {
			if standsInSource(err) {
				return nil, errors.New(oneLine(err.Msg))
			}
		}
		return nil, errors.New("the go command does not list it")
	case len(listed.GoFiles) == 0 && len(listed.Errors) > 0:
		return nil, errors.New(oneLine(listed.Errors[0].Msg))
	case i.loader.source[listed.ID]:
		p := i.loader.check(listed.ID)
		if p.types == nil {
			return nil, errors.New("import cycle through " + listed.PkgPath)
		}
		return p.types, nil
	}
	found, err := i.loader.gc.Import(listed.PkgPath)
	if err != nil {
		return nil, fmt.Errorf("%w of %s: %w", errNoExportData, listed.PkgPath, err)
	}
	return found, nil
}
