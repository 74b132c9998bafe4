package annotations

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
)

// member is one method of an annotated type, with what is said about it.
type member struct {
	fn  *types.Func
	doc []string
	pos token.Pos // where diagnostics about it stand: its declaration, or the line that embeds it from another package

	// A comment about it means to be a directive and is none, which is reported: what is missing may be what that was to
	// say.
	misread bool

	// What the nearest type that says anything about the method says: first those that decide what becomes of
	// it, then those that only have options.
	class []*directive
	call  []*directive
	// What that has replaced, nearest first: its options hold where nothing nearer gives them.
	replaced []*directive
}

// join adds what another place says about the same method.
func (m *member) join(other *member) {
	m.class = append(m.class, without(other.class, m.class)...)
	m.call = append(m.call, without(other.call, m.call)...)
	m.misread = m.misread || other.misread
	m.replaced = append(m.replaced, without(other.replaced, m.replaced)...)
}

// members flattens an interface declaration: its methods in the order of the source, embedded ones in their place. Of
// a method that occurs twice the first place counts, with the directives of both. level are the directives about methods
// that stand on the type. pkg is the package of the annotated interface.
func (r *reader) members(pkg *types.Package, syntax *ast.InterfaceType, iface *types.Interface, level []*directive) []*member {
	var list []*member
	said := newNotes()
	add := func(m *member, explicit bool) *member {
		for _, known := range list {
			if known.fn.Name() == m.fn.Name() {
				known.join(m)
				if explicit { // its parameter names are those that the author sees
					known.fn, known.pos = m.fn, m.pos
					if len(m.doc) > 0 {
						known.doc = m.doc
					}
				}
				return known
			}
		}
		list = append(list, m)
		return m
	}
	embedded := 0
	for _, field := range syntax.Methods.List {
		directives := r.claim(field.Doc, field.Comment)
		if len(field.Names) > 0 {
			fn := explicitMethod(iface, field.Names[0].Name)
			if fn == nil {
				continue // a method named _, which is a type error
			}
			m := add(&member{
				fn: fn, pos: field.Names[0].Pos(), doc: docLines(field.Doc, field.Comment), misread: r.misread(fn.Pkg(), field.Doc, field.Comment),
			}, true)
			for _, d := range directives {
				if r.fitsMethod(d, m.fn.Name()) {
					said.add(m, d)
				}
			}
			continue
		}
		t := iface.EmbeddedType(embedded)
		embedded++
		var names []*member
		for _, m := range r.embeddedMembers(pkg, field.Type, t) {
			if m.fn.Pkg() != pkg {
				m.pos = field.Type.Pos()
			}
			m.misread = m.misread || r.misread(pkg, field.Doc, field.Comment)
			names = append(names, add(m, false))
		}
		r.note(said, directives, names, "embedded "+typeString(t, pkg), nil)
	}
	r.note(said, level, list, "the interface", nil)
	said.apply(r.report)
	return list
}

// without returns the directives of list that are not in others.
func without(list, others []*directive) []*directive {
	return slices.DeleteFunc(slices.Clone(list), func(d *directive) bool { return slices.Contains(others, d) })
}

// embeddedMembers flattens an embedded element. Where its declaration can be read, that gives order, documentation
// and directives; else the types alone give what they can.
func (r *reader) embeddedMembers(pkg *types.Package, expression ast.Expr, t types.Type) []*member {
	iface, ok := t.Underlying().(*types.Interface)
	name := typeName(types.Unalias(t))
	if !ok || name != nil && slices.Contains(r.embedding, name) {
		if expression != nil && !r.report.hasErrorAt(expression.Pos()) {
			r.report.errorf(expression.Pos(), "embedded %s cannot be resolved: %s", types.ExprString(expression), r.whyEmbedded(expression, name))
		}
		return nil
	}
	if name != nil {
		r.embedding = append(r.embedding, name)
		defer func() { r.embedding = r.embedding[:len(r.embedding)-1] }()
	}
	if syntax, ok := ast.Unparen(expression).(*ast.InterfaceType); ok {
		return r.members(pkg, syntax, iface, nil)
	}
	return r.namedMembers(pkg, typeName(t), iface)
}

// namedMembers flattens the interface that a type name stands for; nil is one without a name.
func (r *reader) namedMembers(pkg *types.Package, name *types.TypeName, iface *types.Interface) []*member {
	if syntax, level := r.interfaceSyntax(name); syntax != nil && matches(syntax, iface) {
		return r.members(pkg, syntax, iface, level)
	}
	return r.typeMembers(pkg, iface)
}

// interfaceClient flattens an annotated interface; level are the directives about methods that stand on it. What it is
// declared by, as in type Dep = Base[string], counts like an embedded interface.
func (r *reader) interfaceClient(pkg *types.Package, d declaration, object *types.TypeName, level []*directive) []*member {
	iface := object.Type().Underlying().(*types.Interface)
	if syntax, ok := ast.Unparen(d.spec.Type).(*ast.InterfaceType); ok {
		return r.members(pkg, syntax, iface, level)
	}
	list := r.namedMembers(pkg, r.resolve(d.file, pkg, d.spec.Type), iface)
	r.overlay(pkg, d.spec, level, list, "the interface")
	return list
}

// overlay puts the directives on a type over those of what it is declared by. Methods of another package stand where spec
// names what has them, unless it is nil.
func (r *reader) overlay(pkg *types.Package, spec *ast.TypeSpec, level []*directive, list []*member, what string) {
	for _, m := range list {
		if m.fn.Pkg() != pkg && spec != nil {
			m.pos = spec.Type.Pos()
		}
	}
	said := newNotes()
	r.note(said, level, list, what, nil)
	said.apply(r.report)
}

// interfaceSyntax returns the interface that a type name stands for, as written, and the directives about methods on
// the declarations that lead to it; nil where the source of one cannot be read.
func (r *reader) interfaceSyntax(object *types.TypeName) (syntax *ast.InterfaceType, level []*directive) {
	for range 100 { // invalid source may go in circles
		if object == nil {
			return nil, nil
		}
		d, ok := r.declaration(object)
		if !ok {
			return nil, nil
		}
		r.embedded = append(r.embedded, d)
		level = append(level, r.claim(d.docs()...)...)
		if syntax, ok := ast.Unparen(d.spec.Type).(*ast.InterfaceType); ok {
			level = slices.DeleteFunc(level, func(d *directive) bool { return d.name == "dependency" })
			return syntax, level
		}
		object = r.resolve(d.file, object.Pkg(), d.spec.Type)
	}
	return nil, nil
}

// resolve returns the name of the type that an expression in a file of pkg is made from: B for B, lib.B and B[string];
// nil where there is none. Only the syntax knows it: to go/types, type A B has the methods of B, and nothing of its name.
func (r *reader) resolve(file *ast.File, pkg *types.Package, expression ast.Expr) *types.TypeName {
	switch e := ast.Unparen(expression).(type) {
	case *ast.IndexExpr:
		return r.resolve(file, pkg, e.X)
	case *ast.IndexListExpr:
		return r.resolve(file, pkg, e.X)
	case *ast.StarExpr:
		return r.resolve(file, pkg, e.X)
	case *ast.Ident:
		if name, ok := pkg.Scope().Lookup(e.Name).(*types.TypeName); ok {
			return name
		}
		for _, imported := range pkg.Imports() { // by a dot import
			if name, ok := imported.Scope().Lookup(e.Name).(*types.TypeName); ok && importName(file, imported) == "." {
				return name
			}
		}
	case *ast.SelectorExpr:
		for _, imported := range pkg.Imports() {
			if qualifier, ok := e.X.(*ast.Ident); ok && importName(file, imported) == qualifier.Name {
				name, _ := imported.Scope().Lookup(e.Sel.Name).(*types.TypeName)
				return name
			}
		}
	}
	return nil
}

// importName returns the name under which a file knows a package, "" if it does not import it.
func importName(file *ast.File, pkg *types.Package) string {
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && path == pkg.Path() {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return pkg.Name()
		}
	}
	return ""
}

// typeName returns the name of an alias or a defined type, nil of others.
func typeName(t types.Type) *types.TypeName {
	switch t := t.(type) {
	case *types.Alias:
		return t.Obj()
	case *types.Named:
		return t.Obj()
	}
	return nil
}

// typeMembers flattens an interface whose declaration cannot be read: explicit methods by position, then the
// embedded ones.
func (r *reader) typeMembers(pkg *types.Package, iface *types.Interface) []*member {
	var list []*member
	for method := range iface.ExplicitMethods() {
		list = append(list, &member{fn: method, pos: method.Pos()})
	}
	slices.SortStableFunc(list, func(a, b *member) int {
		return r.report.position(a.pos).Offset - r.report.position(b.pos).Offset
	})
	for t := range iface.EmbeddedTypes() {
		for _, m := range r.embeddedMembers(pkg, nil, t) {
			i := slices.IndexFunc(list, func(known *member) bool { return known.fn.Name() == m.fn.Name() })
			if i < 0 {
				list = append(list, m)
			} else {
				list[i].join(m)
			}
		}
	}
	return list
}

// matches reports whether the syntax has the methods and embedded elements of the type, so that it declares it.
func matches(syntax *ast.InterfaceType, iface *types.Interface) bool {
	embedded := 0
	for _, field := range syntax.Methods.List {
		if len(field.Names) == 0 {
			embedded++
		} else if explicitMethod(iface, field.Names[0].Name) == nil {
			return false
		}
	}
	return embedded == iface.NumEmbeddeds()
}

// explicitMethod returns the method of that name that the interface declares itself, or nil.
func explicitMethod(iface *types.Interface, name string) *types.Func {
	for method := range iface.ExplicitMethods() {
		if method.Name() == name {
			return method
		}
	}
	return nil
}
