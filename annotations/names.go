package annotations

import (
	"go/ast"
	"unicode"
	"unicode/utf8"
)

// wrapperName returns the default name of an interface's wrapper: exported if the interface is.
func wrapperName(iface string) string {
	first, size := utf8.DecodeRuneInString(iface)
	if ast.IsExported(iface) {
		return "Guarded" + iface
	}
	return "guarded" + string(unicode.ToUpper(first)) + iface[size:]
}

// constructorName returns the name of the function that makes a wrapper: exported if the wrapper is.
func constructorName(wrapper string) string {
	first, size := utf8.DecodeRuneInString(wrapper)
	if ast.IsExported(wrapper) {
		return "New" + wrapper
	}
	return "new" + string(unicode.ToUpper(first)) + wrapper[size:]
}

// checkWrappers reports wrappers whose names are taken: by a declaration of the package, or by another wrapper.
func checkWrappers(report *reporter, pkg *Package) {
	taken := make(map[string]string)
	for _, file := range pkg.Files {
		for _, in := range file.Interfaces {
			for _, name := range []string{in.Dependency.Wrapper, constructorName(in.Dependency.Wrapper)} {
				by := taken[name]
				if object := pkg.Types.Scope().Lookup(name); object != nil {
					by = "the package's own, at " + report.at(object.Pos())
				}
				if by != "" {
					report.add(in.Pos, Error, "the wrapper of "+in.Name+" needs the name "+name+", which is "+by+": write wrapper= with another name")
					break
				}
				taken[name] = "that of the wrapper of " + in.Name
			}
		}
	}
}
