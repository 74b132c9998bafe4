package annotations

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"path/filepath"
	"strings"
)

// declaration is the syntax that declares a type.
type declaration struct {
	path string // of the package
	file *ast.File
	decl *ast.GenDecl
	spec *ast.TypeSpec
}

// docs returns the comments whose directives are about the type: its own, and the one above its group.
func (d declaration) docs() []*ast.CommentGroup {
	return []*ast.CommentGroup{d.spec.Doc, groupDoc(d.decl, d.spec)}
}

// declaration returns the syntax that declares a type; false where its source cannot be read.
func (r *reader) declaration(object *types.TypeName) (declaration, bool) {
	if object == nil {
		return declaration{}, false
	}
	for file := range r.loader.filesOf(object) {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, spec := range decl.Specs {
				if spec := spec.(*ast.TypeSpec); spec.Name.Name == object.Name() {
					return declaration{object.Pkg().Path(), file, decl, spec}, true
				}
			}
		}
	}
	return declaration{}, false
}

// filesOf yields the files that may declare a package-level object, or a method, the likeliest first. Export data knows
// the file by a name that need not exist here (that of the machine it was compiled on, $GOROOT/..., or what a //line
// comment says), so that its last element counts, and where that is none, all files do.
func (l *loader) filesOf(object types.Object) iter.Seq[*ast.File] {
	return func(yield func(*ast.File) bool) {
		if object.Pkg() == nil {
			return
		}
		path := l.report.position(object.Pos()).Filename
		first := l.parsed[path]
		if first != nil && !yield(first) {
			return
		}
		listed := l.listed[object.Pkg().Path()]
		if listed == nil {
			return
		}
		likely := func(file string) bool { return filepath.Base(file) == filepath.Base(path) }
		for _, wanted := range []bool{true, false} {
			for _, path := range listed.GoFiles {
				if likely(path) != wanted {
					continue
				}
				if file, _, err := l.parse(path); err == nil && file != nil && file != first && !yield(file) {
					return
				}
			}
		}
	}
}

// docLines returns the documentation without directives, line by line: the comment above, or the one behind.
func docLines(groups ...*ast.CommentGroup) []string {
	for _, group := range groups {
		if text := strings.TrimRight(group.Text(), "\n"); text != "" {
			return strings.Split(text, "\n")
		}
	}
	return nil
}

// typeDoc returns the documentation of a type: that above its group is not about it alone.
func typeDoc(decl *ast.GenDecl, spec *ast.TypeSpec) []string {
	if decl.Lparen.IsValid() {
		return docLines(spec.Doc)
	}
	return docLines(spec.Doc, decl.Doc)
}

// groupDoc returns the comment above a declaration, whose directives are about each type in it.
func groupDoc(decl *ast.GenDecl, spec *ast.TypeSpec) *ast.CommentGroup {
	if decl.Doc == spec.Doc {
		return nil
	}
	return decl.Doc
}
