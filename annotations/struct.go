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
// it. What it is declared by, as in type Dep = lib.Client, counts like an embedded struct.
func (r *reader) structClient(pkg *types.Package, d declaration, object *types.TypeName, level []*directive) []*member {
	chain := r.structChain(object)
	if len(chain) > 0 {
		chain[0].level = nil // which is given
	}
	list := r.structMembers(pkg, object.Type(), chain)
	if _, ok := ast.Unparen(d.spec.Type).(*ast.StructType); ok {
		d.spec = nil // its methods have places of their own
	}
	r.overlay(pkg, d.spec, level, list, "the struct")
	return list
}

// structLink is one of the declarations that lead from the name of a type to the struct that it is.
type structLink struct {
	declaration
	name  *types.TypeName
	level []*directive // about methods, on the declaration
}

// structChain returns the declarations that lead from a name to a struct, as far as their source can be read.
func (r *reader) structChain(name *types.TypeName) (chain []structLink) {
	for range 100 { // invalid source may go in circles
		d, ok := r.declaration(name)
		if !ok {
			break
		}
		r.embedded = append(r.embedded, d)
		level := slices.DeleteFunc(r.claim(d.docs()...), func(d *directive) bool { return d.name == "dependency" })
		chain = append(chain, structLink{d, name, level})
		if _, ok := ast.Unparen(d.spec.Type).(*ast.StructType); ok {
			break
		}
		name = r.resolve(d.file, name.Pkg(), d.spec.Type)
	}
	return chain
}

// structMembers lists the exported methods of *t, where t is no interface: those that are declared on it, in the order of
// the source, then those that its embedded fields promote. What is said about a method that another one hides holds for
// that one, unless it says something itself. chain is how t is declared.
func (r *reader) structMembers(pkg *types.Package, t types.Type, chain []structLink) []*member {
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
	var hidden []*member
	if fields, ok := t.Underlying().(*types.Struct); ok {
		syntax := fieldSyntax(chain)
		for i := range fields.NumFields() {
			field := fields.Field(i)
			if !field.Embedded() {
				continue
			}
			promoted, others := r.promotedMembers(pkg, set, field, i)
			if i < len(syntax) {
				for _, m := range promoted {
					m.misread = m.misread || r.misread(pkg, syntax[i].Doc, syntax[i].Comment)
				}
				r.note(said, r.claim(syntax[i].Doc, syntax[i].Comment), promoted, "embedded "+typeString(field.Type(), pkg), nil)
			}
			list, hidden = append(list, promoted...), append(hidden, others...)
		}
	}
	for _, m := range list {
		for _, other := range hidden {
			if other.fn.Name() == m.fn.Name() {
				m.join(other)
			}
		}
	}
	for _, link := range chain {
		r.note(said, link.level, list, "the struct", link.name)
	}
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
			m.misread = r.misread(fn.Pkg(), decl.Doc)
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

// promotedMembers lists the methods that come into the method set by the embedded field with that index, and those that
// do not, because others hide them.
func (r *reader) promotedMembers(pkg *types.Package, set *types.MethodSet, field *types.Var, index int) (list, hidden []*member) {
	t := field.Type()
	name := typeName(t)
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
		if name == nil {
			name = typeName(t)
		}
	}
	var all []*member
	if types.IsInterface(t) {
		all = r.embeddedMembers(pkg, nil, t)
	} else {
		all = r.structMembers(pkg, t, r.structChain(name))
	}
	for _, m := range all {
		if !m.fn.Exported() {
			continue
		}
		selection := set.Lookup(m.fn.Pkg(), m.fn.Name())
		switch {
		case selection == nil: // ambiguous
		case len(selection.Index()) == 1 || selection.Index()[0] != index:
			hidden = append(hidden, m)
		default:
			m.fn = selection.Obj().(*types.Func)
			if m.fn.Pkg() != pkg {
				m.pos = field.Pos()
			}
			list = append(list, m)
		}
	}
	return list, hidden
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

// fieldSyntax returns the fields of the struct that a chain leads to, one for each name in it, nil where its source cannot
// be read.
func fieldSyntax(chain []structLink) (fields []*ast.Field) {
	if len(chain) == 0 {
		return nil
	}
	syntax, ok := ast.Unparen(chain[len(chain)-1].spec.Type).(*ast.StructType)
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
	of := fn.Signature().Recv().Type()
	if pointer, ok := types.Unalias(of).(*types.Pointer); ok {
		of = pointer.Elem()
	}
	for file := range r.loader.filesOf(fn) {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Name.Name != fn.Name() || decl.Recv == nil {
				continue
			}
			name, _ := fn.Pkg().Scope().Lookup(receiver(decl)).(*types.TypeName)
			if name != nil && typeName(withoutPointer(name.Type())) == typeName(types.Unalias(of)) {
				return decl
			}
		}
	}
	return nil
}

// withoutPointer returns what a type stands for, or points to.
func withoutPointer(t types.Type) types.Type {
	t = types.Unalias(t)
	if pointer, ok := t.(*types.Pointer); ok {
		return types.Unalias(pointer.Elem())
	}
	return t
}
