package annotations

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// member is one method of an annotated interface, with what is said about it.
type member struct {
	fn  *types.Func
	doc []string
	pos token.Pos // where diagnostics about it stand: its declaration, or the line that embeds it from another package

	// What the nearest interface that says anything about the method says: first those that decide what becomes of
	// it, then those that only have options.
	class []*directive
	call  []*directive
	// What that has replaced, nearest first: its options hold where nothing nearer gives them.
	replaced []*directive
}

// notes collects what one interface declaration says about methods.
type notes struct {
	class, call map[*member][]*directive
}

func (n notes) add(m *member, d *directive) {
	if d.name == "call" {
		n.call[m] = append(n.call[m], d)
	} else {
		n.class[m] = append(n.class[m], d)
	}
}

// apply lets what is noted replace what the embedded interfaces say. Only an explicit //guard:safe takes the gate from a
// method that is destructive there.
func (n notes) apply(report *reporter) {
	for m, directives := range n.class {
		inherited := find(m.class, "destructive")
		switch {
		case inherited == nil:
		case find(directives, "destructive") != nil:
			m.replaced = append([]*directive{inherited}, m.replaced...)
		case find(directives, "safe") != nil:
			m.replaced = slices.DeleteFunc(m.replaced, func(d *directive) bool { return d.name == "destructive" })
		default:
			report.errorf(directives[0].pos(), "%s would take the gate from %s, which is %s at %s: remove it, or write //guard:safe if nothing is destroyed",
				directives[0].text(), m.fn.Name(), inherited.text(), report.at(inherited.pos()))
			continue
		}
		m.class = directives
	}
	for m, directives := range n.call {
		m.replaced = append(m.call, m.replaced...)
		m.call = directives
	}
}

// join adds what another place says about the same method.
func (m *member) join(other *member) {
	m.class = append(m.class, without(other.class, m.class)...)
	m.call = append(m.call, without(other.call, m.call)...)
	m.replaced = append(m.replaced, without(other.replaced, m.replaced)...)
}

// members flattens an interface declaration: its methods in the order of the source, embedded ones in their place. Of
// a method that occurs twice the first place counts, with the directives of both. level are the directives about methods
// that stand on the type. pkg is the package of the annotated interface.
func (r *reader) members(pkg *types.Package, syntax *ast.InterfaceType, iface *types.Interface, level []*directive) []*member {
	var list []*member
	said := notes{make(map[*member][]*directive), make(map[*member][]*directive)}
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
			m := add(&member{fn: fn, pos: field.Names[0].Pos(), doc: docLines(field.Doc, field.Comment)}, true)
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
			names = append(names, add(m, false))
		}
		r.note(said, directives, names, "embedded "+typeString(t, pkg))
	}
	r.note(said, level, list, "the interface")
	said.apply(r.report)
	return list
}

// without returns the directives of list that are not in others.
func without(list, others []*directive) []*directive {
	return slices.DeleteFunc(slices.Clone(list), func(d *directive) bool { return slices.Contains(others, d) })
}

// note adds directives to the members that they name.
func (r *reader) note(said notes, directives []*directive, members []*member, where string) {
	valid := make([]string, len(members))
	for i, m := range members {
		valid[i] = m.fn.Name()
	}
	for _, d := range directives {
		if !r.fitsNames(d) {
			continue
		}
		for _, name := range r.settings(d).names {
			if i := slices.Index(valid, name.name); i >= 0 {
				said.add(members[i], d)
			} else {
				r.report.errorf(name.pos, "%s has no method %s: %s", where, name.name, suggestion(name.name, valid))
			}
		}
	}
}

// embeddedMembers flattens an embedded element. Where its declaration can be read, that gives order, documentation
// and directives; else the types alone give what they can.
func (r *reader) embeddedMembers(pkg *types.Package, expression ast.Expr, t types.Type) []*member {
	iface, ok := t.Underlying().(*types.Interface)
	name := typeName(types.Unalias(t))
	if !ok || name != nil && slices.Contains(r.embedding, name) {
		if expression != nil && !r.report.hasErrorAt(expression.Pos()) {
			r.report.errorf(expression.Pos(), "what is embedded here cannot be resolved: its declaration has an error")
		}
		return nil
	}
	if name != nil {
		r.embedding = append(r.embedding, name)
		defer func() { r.embedding = r.embedding[:len(r.embedding)-1] }()
	}
	syntax, _ := ast.Unparen(expression).(*ast.InterfaceType)
	var level []*directive
	if syntax == nil {
		syntax, level = r.interfaceSyntax(typeName(t))
	}
	if syntax != nil && matches(syntax, iface) {
		return r.members(pkg, syntax, iface, level)
	}
	return r.typeMembers(pkg, iface)
}

// interfaceSyntax returns the interface that a type name stands for, as written, and the directives about methods on
// the declarations that lead to it; nil where the source of one cannot be read.
func (r *reader) interfaceSyntax(object *types.TypeName) (syntax *ast.InterfaceType, level []*directive) {
	for range 100 { // invalid source may go in circles
		if object == nil {
			return nil, nil
		}
		declared, ok := r.declaration(object)
		if !ok {
			return nil, nil
		}
		r.embedded = append(r.embedded, declared)
		decl, spec := declared.decl, declared.spec
		level = append(level, r.claim(spec.Doc, groupDoc(decl, spec))...)
		switch expression := ast.Unparen(spec.Type).(type) {
		case *ast.InterfaceType:
			level = slices.DeleteFunc(level, func(d *directive) bool { return d.name == "dependency" })
			return expression, level
		case *ast.Ident: // type Base Other: only the syntax knows the other name
			object, _ = object.Pkg().Scope().Lookup(expression.Name).(*types.TypeName)
		default:
			alias, ok := object.Type().(*types.Alias)
			if !ok {
				return nil, nil
			}
			object = typeName(alias.Rhs())
		}
	}
	return nil, nil
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
