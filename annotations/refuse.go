package annotations

import (
	"go/ast"
	"go/types"
	"strings"
)

// reportDeclared reports the type errors in the declaration of an annotated type: what it says cannot be known. The fields
// of a struct say nothing about its methods, unless they are embedded. It reports whether there are some.
func (r *reader) reportDeclared(p *sourcePackage, spec *ast.TypeSpec) bool {
	syntax, ok := spec.Type.(*ast.StructType)
	if !ok {
		return r.reportTypeErrors(p, spec)
	}
	found := spec.TypeParams != nil && r.reportTypeErrors(p, spec.TypeParams)
	for _, field := range syntax.Fields.List {
		if len(field.Names) == 0 {
			found = r.reportTypeErrors(p, field) || found
		}
	}
	return found
}

// reportTypeErrors reports the type errors inside a piece of a declaration, and whether there are some.
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

// unsupported says why a well-formed type has no wrapper, "" for one that has.
func (r *reader) unsupported(d declaration, object *types.TypeName) string {
	name := object.Name()
	switch t := object.Type().Underlying().(type) {
	case *types.Interface:
		switch {
		case !t.IsMethodSet():
			return name + " is a constraint: no value has its type, so that there is nothing to guard: " + withoutConstraint(t, object.Pkg())
		case t.NumMethods() == 0:
			return name + " has no methods, so that there is nothing to guard: declare some, or remove //guard:dependency"
		}
		return ""
	case *types.Struct:
		if hasExportedMethod(object.Type()) {
			return ""
		}
		if base := r.resolve(d.file, object.Pkg(), d.spec.Type); base != nil && hasExportedMethod(base.Type()) {
			other := types.ExprString(d.spec.Type)
			return name + " is defined by " + other + " and has none of its methods, so that there is nothing to guard: write type " + name + " = " + other
		}
		return name + " is a struct without exported methods, so that there is nothing to guard: annotate the type that makes the calls"
	case *types.Pointer:
		why := name + " stands for a pointer: annotate what it points to"
		if named, ok := types.Unalias(t.Elem()).(*types.Named); ok && named.Obj().Pkg() != object.Pkg() {
			why += ", as in type " + name + " = " + typeString(t.Elem(), object.Pkg())
		}
		return why
	default:
		return name + " is neither an interface nor a struct, and only these have a wrapper: annotate an interface with the methods that make the calls"
	}
}

// withoutConstraint says how a constraint becomes an interface that values have.
func withoutConstraint(iface *types.Interface, pkg *types.Package) string {
	for t := range iface.EmbeddedTypes() {
		embedded, ok := t.Underlying().(*types.Interface)
		if name := typeName(t); name != nil && !(ok && embedded.IsMethodSet()) {
			return "remove " + typeString(t, pkg) + " from it"
		}
	}
	return "annotate an interface of methods only"
}

// hasExportedMethod reports whether a pointer to t has an exported method.
func hasExportedMethod(t types.Type) bool {
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if selection.Obj().Exported() {
			return true
		}
	}
	return false
}
