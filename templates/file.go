package templates

import (
	"bytes"
	"go/token"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// File returns the text of the file that belongs beside source, a file of pkg: gofmt-clean, and the same for the same
// model. Its name is what [annotations.GeneratedPath] says.
//
// What cannot be written is reported as [annotations.Load] reports what it cannot read: every finding, each an error
// with a position in the source. The text is nil then.
func File(pkg *annotations.Package, source *annotations.File) ([]byte, annotations.Diagnostics) {
	f := newFile(pkg, source)
	code := versionTie(f.imports)
	var problems annotations.Diagnostics
	for _, w := range f.wrappers {
		declarations, found := w.code()
		problems = append(problems, found...)
		code = append(append(code, jen.Line()), declarations...)
	}
	if len(problems) > 0 {
		return nil, problems
	}

	out := jen.NewFilePathName(pkg.Path, pkg.Name)
	out.HeaderComment(header(source))
	out.Add(f.imports.declaration()).Line()
	for _, c := range code {
		out.Add(c)
	}
	var text bytes.Buffer
	if err := out.Render(&text); err != nil {
		return nil, annotations.Diagnostics{at(token.Position{Filename: source.Path}, err)}
	}
	return text.Bytes(), nil
}

// file is a generated file in the making.
type file struct {
	pkg      *annotations.Package
	imports  *imports
	wrappers []*wrapper
}

func newFile(pkg *annotations.Package, source *annotations.File) *file {
	names, specNames := packageNames(pkg)
	f := &file{pkg: pkg}
	importNames := newScope(names)
	for _, client := range source.Clients {
		w := newWrapper(f, client, names)
		w.specName = specNames[client]
		f.wrappers = append(f.wrappers, w)
		for _, p := range w.params {
			importNames.declare(p.name)
		}
	}
	f.imports = newImports(importNames, source.Aliases)
	return f
}

// packageNames returns the names that the package declares already and those that its generated files are about to,
// and among them how each client calls its Spec. The constructors of Store and store differ; their Specs would not.
func packageNames(pkg *annotations.Package) (names *scope, specs map[*annotations.Client]string) {
	names = newScope(universe(), pkg.Types.Scope().Names()...)
	names.declare(pkg.Unread...)
	var all []*annotations.Client
	if pkg.Tested != nil {
		for _, file := range pkg.Tested.Files {
			all = append(all, file.Clients...)
		}
	}
	for _, file := range pkg.Files {
		all = append(all, file.Clients...)
	}
	for _, client := range all {
		names.declare(client.Dependency.Wrapper, client.Dependency.Constructor())
	}
	specs = make(map[*annotations.Client]string)
	for _, client := range all {
		specs[client] = names.pick(lowerFirst(client.Dependency.Wrapper) + "Spec")
	}
	return names, specs
}

// at is the finding that err, at a place of the source, keeps its wrapper from being written.
func at(pos token.Position, err error) annotations.Diagnostic {
	return annotations.Diagnostic{Pos: pos, Severity: annotations.Error, Message: err.Error()}
}
