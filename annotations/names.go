package annotations

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapperName returns the default name of a type's wrapper: exported if the type is.
func wrapperName(client string) string {
	if ast.IsExported(client) {
		return "Guarded" + client
	}
	return "guarded" + upperFirst(client)
}

// Constructor returns the name of the function that makes the wrapper: exported if the wrapper is.
func (d Dependency) Constructor() string {
	if ast.IsExported(d.Wrapper) {
		return "New" + d.Wrapper
	}
	return "new" + upperFirst(d.Wrapper)
}

// upperFirst writes the first letter of a name as a capital.
func upperFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return "" // a word between underscores
	}
	return string(unicode.ToUpper(first)) + name[size:]
}

// parseWrapper reads the name of a wrapper: that of a type which may stand in any package.
func parseWrapper(text string) (string, *problem) {
	switch {
	case types.Universe.Lookup(text) != nil:
		return "", problemf(0, "%s is a word of Go: write another name", text)
	case text == "init" || text == "main":
		return "", problemf(0, "%s can only be a function: write another name", text)
	}
	return parseIdentifier(text)
}

// checkWrappers reports wrappers whose names are taken: by a declaration of the package, by an import, or by another
// wrapper.
func checkWrappers(report *reporter, p *sourcePackage, pkg *Package) {
	if len(pkg.Files) == 0 {
		return
	}
	taken, imported := make(map[string]string), p.importNames()
	if pkg.Tested != nil {
		for _, file := range pkg.Tested.Files {
			for _, c := range file.Clients {
				taken[c.Dependency.Wrapper], taken[c.Dependency.Constructor()] = "that of the wrapper of "+c.Name, "that of the wrapper of "+c.Name
			}
		}
	}
	for _, file := range pkg.Files {
		for _, c := range file.Clients {
			for _, name := range []string{c.Dependency.Wrapper, c.Dependency.Constructor()} {
				by := taken[name]
				if object := pkg.Types.Scope().Lookup(name); object != nil && !p.promised[name] {
					by = "the package's own, at " + report.at(object.Pos())
				} else if imported[name] {
					by = "that of an import"
				} else if slices.Contains(pkg.Unread, name) {
					by = "declared in a test, or in a file of another build"
				}
				if by != "" {
					report.add(c.Pos, Error, "the wrapper of "+c.Name+" needs the name "+name+", which is "+by+": write wrapper= with another name")
					break
				}
				taken[name] = "that of the wrapper of " + c.Name
			}
		}
	}
}

// importNames returns the names under which the files of a package know others. No declaration of the package can have
// one of these.
func (p *sourcePackage) importNames() map[string]bool {
	names := make(map[string]bool)
	for _, file := range p.files {
		given := aliases(file)
		for _, imported := range p.types.Imports() {
			if name, ok := given[imported.Path()]; ok {
				names[name] = true
			} else if imports(file, imported.Path()) {
				names[imported.Name()] = true
			}
		}
	}
	return names
}

// imports reports whether a file imports a package under its own name.
func imports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		return spec.Name == nil && strings.Trim(spec.Path.Value, "\"`") == path
	})
}
