package annotations

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strconv"
	"strings"
)

// reportTypeErrors reports the type errors inside an annotated interface, or a line of one: what it says cannot be
// known.
func (r *reader) reportTypeErrors(p *sourcePackage, node ast.Node) bool {
	found := false
	for _, err := range p.errors {
		if node.Pos() <= err.Pos && err.Pos < node.End() && !strings.HasPrefix(err.Msg, "\t") { // a tab goes on with the one before
			r.report.errorf(err.Pos, "%s", err.Msg)
			found = true
		}
	}
	return found
}

// reportUnsupported reports what is well-formed Go and has no wrapper.
func (r *reader) reportUnsupported(spec *ast.TypeSpec, object *types.TypeName) bool {
	iface, ok := object.Type().Underlying().(*types.Interface)
	switch {
	case !ok: // one that embeds itself, which is a type error
	case !iface.IsMethodSet():
		r.report.errorf(spec.Name.Pos(), "%s is a constraint: no value has its type, so that there is nothing to guard", object.Name())
	case iface.NumMethods() == 0:
		r.report.errorf(spec.Name.Pos(), "%s has no methods, so that there is nothing to guard", object.Name())
	default:
		return r.reportConstraints(spec)
	}
	return true
}

// reportConstraints reports type parameters whose constraint is written in place.
func (r *reader) reportConstraints(spec *ast.TypeSpec) bool {
	if spec.TypeParams == nil {
		return false
	}
	found := false
	for _, field := range spec.TypeParams.List {
		switch ast.Unparen(field.Type).(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.IndexListExpr:
		default:
			r.report.errorf(field.Type.Pos(), "constraints written in place are not supported yet: declare the constraint of %s as a type and name it here", field.Names[0].Name)
			found = true
		}
	}
	return found
}

// reportInvalid reports the methods whose signatures hold types that could not be resolved, and why.
func (r *reader) reportInvalid(p *sourcePackage, a *annotated) bool {
	found := false
	for _, m := range a.members {
		if !invalid(m.fn.Signature()) {
			continue
		}
		found = true
		field, imports := p.fieldAt(m.pos)
		if field != nil && r.reportTypeErrors(p, field) {
			continue
		}
		a.hints.add(m.pos, Error, "the signature has a type that cannot be resolved: ", m.fn.Name(), p.unresolved(field, imports))
	}
	if found {
		a.hints.report(r.report)
	}
	return found
}

// fieldAt returns the line of an interface that pos stands in, with the imports of its file.
func (p *sourcePackage) fieldAt(pos token.Pos) (found *ast.Field, imports []*ast.ImportSpec) {
	for _, file := range p.files {
		if pos < file.FileStart || file.FileEnd <= pos {
			continue
		}
		imports = file.Imports
		ast.Inspect(file, func(n ast.Node) bool {
			if iface, ok := n.(*ast.InterfaceType); ok {
				for _, field := range iface.Methods.List {
					if field.Pos() <= pos && pos < field.End() {
						found = field
					}
				}
			}
			return true
		})
	}
	return found, imports
}

// unresolved says why a type in an interface's line is not known: an import that failed.
func (p *sourcePackage) unresolved(field *ast.Field, imports []*ast.ImportSpec) (why string) {
	if field == nil {
		return ""
	}
	ast.Inspect(field, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		for _, spec := range imports {
			path, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
			name := filepath.Base(path)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			if qualifier, ok := selector.X.(*ast.Ident); !ok || qualifier.Name != name || why != "" {
				continue
			}
			if err := p.importErrors[path]; err != nil {
				why = "; could not import " + path + ": " + err.Error()
			} else if path == "C" {
				why = "; types of cgo are not supported yet"
			}
		}
		return true
	})
	return why
}
