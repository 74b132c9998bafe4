package annotations

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// reportInvalid reports the methods whose signatures hold types that could not be resolved, and why. It reports whether there
// are some.
func (r *reader) reportInvalid(p *sourcePackage, a *annotated) bool {
	found := false
	for _, m := range a.members {
		if !invalid(m.fn.Signature()) {
			continue
		}
		found = true
		if _, node := p.memberAt(m.pos); node != nil && r.reportTypeErrors(p, node) {
			continue
		}
		a.hints.add(m.pos, Error, "the signature has a type that cannot be resolved: ", m.fn.Name(), "; "+r.unresolved(p, m))
	}
	if found {
		a.hints.report(r.report)
	}
	return found
}

// memberAt returns the line of an interface or of a struct, or the signature of a method, that pos stands in, with its
// file.
func (p *sourcePackage) memberAt(pos token.Pos) (in *ast.File, found ast.Node) {
	for _, file := range p.files {
		if pos < file.FileStart || file.FileEnd <= pos {
			continue
		}
		in = file
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Pos() == pos {
					found = n.Type
				}
				return false
			case *ast.Field:
				if n.Pos() <= pos && pos < n.End() {
					found = n
				}
			}
			return true
		})
	}
	return in, found
}

// unresolved says which type of a method of p is not known, why, and what to do if that lies elsewhere.
func (r *reader) unresolved(p *sourcePackage, m *member) string {
	unknown := "go build " + m.fn.Pkg().Path() + " says why"
	declaring := r.sourceOf(m.fn.Pkg())
	if declaring == nil {
		return unknown
	}
	file, node := declaring.memberAt(m.fn.Pos())
	if node == nil {
		return unknown
	}
	if field, ok := node.(*ast.Field); ok {
		node = field.Type // its name may be that of a type
	}
	why := cmp.Or(r.whyUnresolved(declaring, file, node, 0), unknown)
	if declaring != p && !strings.Contains(why, r.fileName(file)) {
		why = r.fileName(file) + ": " + why
	}
	return why
}

// whyEmbedded says why what is embedded by an expression is not known; name is that of its type, if it has one.
func (r *reader) whyEmbedded(expression ast.Expr, name *types.TypeName) string {
	for _, id := range slices.Sorted(maps.Keys(r.loader.checked)) {
		p := r.loader.checked[id]
		if p.types == nil {
			continue // only its syntax was needed, and what has types shares it
		}
		if file, _ := p.memberAt(expression.Pos()); file != nil {
			if why := r.whyUnresolved(p, file, expression, 0); why != "" {
				return strings.TrimPrefix(why, types.ExprString(expression)+": ")
			}
		}
	}
	if name == nil {
		return "its declaration has an error"
	}
	return "its declaration at " + r.report.at(name.Pos()) + " has an error"
}

// sourceOf returns a package as it was read from source, nil for one that was not.
func (r *reader) sourceOf(pkg *types.Package) *sourcePackage {
	for _, p := range r.loader.checked {
		if p.types == pkg {
			return p
		}
	}
	return nil
}

func (r *reader) fileName(file *ast.File) string {
	return relative(r.report.dir, r.report.position(file.FileStart).Filename)
}

// whyUnresolved says why a type in a piece of a file of p is not known: there is an error in it, it lies in a package that
// cannot be imported, or its own declaration has such a type. Declarations may go in circles.
func (r *reader) whyUnresolved(p *sourcePackage, file *ast.File, node ast.Node, depth int) (why string) {
	if why := r.errorIn(p, node); why != "" {
		return why
	}
	ast.Inspect(node, func(n ast.Node) bool {
		if why != "" || depth > 10 {
			return false
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			qualifier, ok := n.X.(*ast.Ident)
			if !ok {
				return true
			}
			name := qualifier.Name + "." + n.Sel.Name
			imported, pkg := p.importNamed(file, qualifier.Name)
			switch err := p.importErrors[imported]; {
			case err != nil:
				why = name + ": could not import " + imported + ": " + r.tidy(p, err.Error())
			case imported == "C":
				why = r.loader.cgo[p.PkgPath].unknown(n.Sel.Name)
			case pkg != nil:
				why = r.whyUndeclared(name, pkg.Scope().Lookup(n.Sel.Name), depth)
			}
			return false
		case *ast.Ident:
			why = r.whyUndeclared(n.Name, p.types.Scope().Lookup(n.Name), depth)
		}
		return true
	})
	return why
}

// whyUndeclared says why the declaration of a type does not say what it is, "" where it does.
func (r *reader) whyUndeclared(name string, object types.Object, depth int) string {
	of, ok := object.(*types.TypeName)
	if !ok || isResolved(of.Type()) {
		return ""
	}
	declaring := r.sourceOf(of.Pkg())
	d, ok := r.declaration(of)
	if !ok || declaring == nil {
		return name + ": go build " + of.Pkg().Path() + " says why"
	}
	why := cmp.Or(r.errorIn(declaring, d.spec), r.whyUnresolved(declaring, d.file, d.spec.Type, depth+1))
	return name + ": " + cmp.Or(why, "its declaration at "+r.report.at(of.Pos())+" has an error")
}

// errorIn returns the first type error in a piece of p with its place, "" where there is none.
func (r *reader) errorIn(p *sourcePackage, node ast.Node) string {
	for _, err := range p.errors {
		if node.Pos() <= err.Pos && err.Pos < node.End() && !strings.HasPrefix(err.Msg, "\t") { // a tab goes on with the one before
			return r.report.at(err.Pos) + ": " + err.Msg + r.elsewhere(p)
		}
	}
	return ""
}

// importNamed returns what a name before a dot stands for in a file of p: an import path, and the package where it could be
// imported.
func (p *sourcePackage) importNamed(file *ast.File, name string) (imported string, pkg *types.Package) {
	known := make(map[string]*types.Package)
	for _, pkg := range p.types.Imports() {
		known[pkg.Path()] = pkg
	}
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
		pkg, called := known[imported], path.Base(imported)
		if pkg != nil {
			called = pkg.Name()
		}
		if spec.Name != nil {
			called = spec.Name.Name
		}
		if called == name {
			return imported, pkg
		}
	}
	return "", nil
}

// elsewhere says what to do about an error in a package, if it is not for the user to mend.
func (r *reader) elsewhere(p *sourcePackage) string {
	if r.loader.writes(p.Package) || p.Module == nil {
		return ""
	}
	return "; require a version of " + p.Module.Path + " that compiles"
}

// tidy adds to why an import fails what to do about it, if it does not stand in a package of the user and the go command
// has not said it.
func (r *reader) tidy(p *sourcePackage, why string) string {
	if r.loader.writes(p.Package) || p.Module == nil || strings.Contains(why, "go get ") || strings.Contains(why, "go mod ") {
		return why
	}
	return why + "; go mod tidy adds what " + p.Module.Path + " needs"
}
