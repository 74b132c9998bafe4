package annotations

import (
	"cmp"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// structClient lists the exported methods of an annotated struct; level are the directives about methods that stand on
// it. What an alias stands for counts like an embedded struct.
func (r *reader) structClient(pkg *types.Package, d declaration, object *types.TypeName, level []*directive) []*member {
	alias, ok := object.Type().(*types.Alias)
	if !ok {
		list := r.structMembers(pkg, object.Type(), level)
		if isTest(r.report.position(object.Pos()).Filename) {
			return list
		}
		return slices.DeleteFunc(list, func(m *member) bool { // outside of tests the struct has none of these
			return m.fn.Pkg() == pkg && isTest(r.report.position(m.fn.Pos()).Filename)
		})
	}
	list := r.structMembers(pkg, alias.Rhs(), r.about(typeName(alias.Rhs())))
	r.overlay(pkg, d.spec, level, list, "the struct")
	return list
}

// about returns the directives about methods on the declaration of a type.
func (r *reader) about(name *types.TypeName) []*directive {
	d, ok := r.declaration(name)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(r.claim(d.docs()...), func(d *directive) bool { return d.name == "dependency" })
}

// structMembers lists the exported methods of *t, where t is no interface: those that are declared on it, in the order of
// the source, then those that its embedded fields promote. level are the directives about methods that stand on t.
func (r *reader) structMembers(pkg *types.Package, t types.Type, level []*directive) []*member {
	t = instantiated(types.Unalias(t))
	name := typeName(t)
	if name != nil && slices.Contains(r.embedding, name) { // type T struct{ *T }
		return nil
	}
	r.embedding = append(r.embedding, name)
	defer func() { r.embedding = r.embedding[:len(r.embedding)-1] }()

	set := types.NewMethodSet(types.NewPointer(t))
	said := newNotes()
	list := r.declaredMembers(set, said)
	if fields, ok := t.Underlying().(*types.Struct); ok {
		syntax := r.fieldSyntax(name)
		for i := range fields.NumFields() {
			field := fields.Field(i)
			if !field.Embedded() {
				continue
			}
			promoted := r.promotedMembers(pkg, set, field, i)
			if i < len(syntax) {
				r.note(said, r.claim(syntax[i].Doc, syntax[i].Comment), promoted, "embedded "+typeString(field.Type(), pkg))
			}
			list = append(list, promoted...)
		}
	}
	r.note(said, level, list, "the struct")
	said.apply(r.report)
	return list
}

// declaredMembers lists the methods that are declared on a type with that method set, and notes the directives on their
// declarations.
func (r *reader) declaredMembers(set *types.MethodSet, said notes) (list []*member) {
	for selection := range set.Methods() {
		fn, ok := selection.Obj().(*types.Func)
		if !ok || len(selection.Index()) > 1 {
			continue
		}
		m := &member{fn: fn, pos: fn.Pos()}
		var directives []*directive
		if decl := r.methodDecl(fn); decl != nil {
			m.doc, directives = docLines(decl.Doc), r.claim(decl.Doc)
		}
		for _, d := range directives {
			if !fn.Exported() {
				r.report.errorf(d.pos(), "%s is not exported, and the wrapper of a struct has its exported methods only: remove %s", fn.Name(), d.text())
			} else if r.fitsMethod(d, fn.Name()) {
				said.add(m, d)
			}
		}
		if fn.Exported() {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b *member) int {
		one, other := r.report.position(a.fn.Pos()), r.report.position(b.fn.Pos())
		return cmp.Or(
			strings.Compare(filepath.Base(one.Filename), filepath.Base(other.Filename)),
			cmp.Compare(one.Line, other.Line), // export data has no columns
			strings.Compare(a.fn.Name(), b.fn.Name()),
		)
	})
	return list
}

// promotedMembers lists the methods that come into the method set by the embedded field with that index.
func (r *reader) promotedMembers(pkg *types.Package, set *types.MethodSet, field *types.Var, index int) (list []*member) {
	t := types.Unalias(field.Type())
	if pointer, ok := t.(*types.Pointer); ok {
		t = pointer.Elem()
	}
	var all []*member
	if types.IsInterface(t) {
		all = r.embeddedMembers(pkg, nil, t)
	} else {
		all = r.structMembers(pkg, t, r.about(typeName(types.Unalias(t))))
	}
	for _, m := range all {
		selection := set.Lookup(m.fn.Pkg(), m.fn.Name())
		if selection == nil || len(selection.Index()) == 1 || selection.Index()[0] != index || !m.fn.Exported() {
			continue // hidden, or ambiguous
		}
		m.fn = selection.Obj().(*types.Func)
		if m.fn.Pkg() != pkg {
			m.pos = field.Pos()
		}
		list = append(list, m)
	}
	return list
}

// instantiated returns a generic type with its own type parameters as arguments, so that its methods speak of them, and
// not of the names that each receiver gives them.
func instantiated(t types.Type) types.Type {
	named, ok := t.(*types.Named)
	if !ok || named.TypeParams().Len() == 0 || named.TypeArgs().Len() > 0 {
		return t
	}
	arguments := make([]types.Type, named.TypeParams().Len())
	for i := range arguments {
		arguments[i] = named.TypeParams().At(i)
	}
	instance, err := types.Instantiate(nil, named, arguments, false)
	if err != nil {
		return t
	}
	return instance
}

// fieldSyntax returns the fields of the struct that a name declares, one for each name in it, nil where its source cannot
// be read.
func (r *reader) fieldSyntax(name *types.TypeName) (fields []*ast.Field) {
	d, ok := r.declaration(name)
	if !ok {
		return nil
	}
	syntax, ok := ast.Unparen(d.spec.Type).(*ast.StructType)
	if !ok {
		return nil
	}
	for _, field := range syntax.Fields.List {
		for range max(1, len(field.Names)) {
			fields = append(fields, field)
		}
	}
	return fields
}

// methodDecl returns the declaration of a method with a body, nil where its source cannot be read.
func (r *reader) methodDecl(fn *types.Func) *ast.FuncDecl {
	file := r.loader.fileOf(fn)
	if file == nil {
		return nil
	}
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.FuncDecl)
		if ok && decl.Recv != nil && decl.Name.Name == fn.Name() &&
			r.report.position(decl.Name.Pos()).Line == r.report.position(fn.Pos()).Line {
			return decl
		}
	}
	return nil
}
