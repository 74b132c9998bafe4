package annotations

import (
	"go/ast"
	"go/token"
)

// directives returns the directives in comment groups; nil groups have none.
func (r *reader) directives(groups ...*ast.CommentGroup) []*directive {
	var list []*directive
	for _, group := range groups {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			if d := r.directive(comment); d != nil {
				list = append(list, d)
			}
		}
	}
	return list
}

// directive returns the directive that a comment is, or nil.
func (r *reader) directive(comment *ast.Comment) *directive {
	d, known := r.parsed[comment]
	if !known {
		var ours bool
		d, ours = parseDirective(r.report, comment)
		r.parsed[comment], r.botched[comment] = d, ours && d == nil
	}
	return d
}

// claim returns the directives in comment groups that stand in a place where they mean something.
func (r *reader) claim(groups ...*ast.CommentGroup) []*directive {
	list := r.directives(groups...)
	for _, d := range list {
		r.claimed[d] = true
	}
	return list
}

// claimMethods claims what stands in an interface that is refused as a whole, so that it is not refused once more.
func (r *reader) claimMethods(spec *ast.TypeSpec) {
	if iface, ok := spec.Type.(*ast.InterfaceType); ok {
		for _, field := range iface.Methods.List {
			r.claim(field.Doc, field.Comment)
		}
	}
}

// noteUnannotated remembers why the directives on and in a type without //guard:dependency would mean nothing, unless
// an annotated interface embeds it.
func (r *reader) noteUnannotated(spec *ast.TypeSpec, directives []*directive) {
	why := spec.Name.Name + " has no //guard:dependency: write it above the interface"
	iface, ok := spec.Type.(*ast.InterfaceType)
	if !ok {
		why = spec.Name.Name + " is no interface with //guard:dependency"
	} else {
		for _, field := range iface.Methods.List {
			directives = append(directives, r.directives(field.Doc, field.Comment)...)
		}
	}
	for _, d := range directives {
		r.astray[d] = why
	}
}

// reportAstray reports the directives in a part of a file that no annotated interface has claimed.
func (r *reader) reportAstray(file *ast.File, part ast.Node) {
	for _, group := range file.Comments {
		if part != file && (group.Pos() < part.Pos() || part.End() < group.End()) {
			continue
		}
		for _, comment := range group.List {
			d := r.directive(comment)
			if d == nil || r.claimed[d] {
				continue
			}
			why := r.astray[d]
			if why == "" {
				why = surroundings(file, group)
			}
			r.report.errorf(d.pos(), "%s has no effect here: %s", d.text(), why)
		}
	}
}

// surroundings says what is wrong with the place of a comment that is attached to no type, method or embedded line.
func surroundings(file *ast.File, group *ast.CommentGroup) string {
	why := "put it directly above an interface type, without a blank line between"
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Doc == group {
				return decl.Name.Name + " is a function, and directives stand on interfaces"
			}
			if decl.Pos() <= group.Pos() && group.End() <= decl.End() {
				return "interfaces inside a function have no wrapper: declare it outside " + decl.Name.Name
			}
		case *ast.GenDecl:
			if decl.Doc == group && decl.Tok != token.TYPE {
				return "directives stand on interfaces, not on " + decl.Tok.String() + " declarations"
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if list, ok := n.(*ast.InterfaceType); ok && list.Methods.Pos() <= group.Pos() && group.End() <= list.Methods.End() {
			why = "put it directly above a method or an embedded interface, without a blank line between, or behind it on the same line"
		}
		return true
	})
	return why
}

// fitsMethod reports whether a directive may stand on a method, and says why not.
func (r *reader) fitsMethod(d *directive, method string) bool {
	if d.name == "dependency" {
		r.report.errorf(d.pos(), "//guard:dependency stands on an interface type, not on a method")
		return false
	}
	s := r.settings(d)
	if len(s.names) > 0 {
		r.report.errorf(s.names[0].pos, "%s on %s is about %s already: remove %s, or name methods on the interface type", d.text(), method, method, s.names[0].name)
		return false
	}
	return r.saysSomething(d, s)
}

// fitsNames reports whether a directive may stand on a type or an embedded line, and says why not.
func (r *reader) fitsNames(d *directive) bool {
	switch d.name {
	case "dependency":
		r.report.errorf(d.pos(), "//guard:dependency stands on the interface type, not on an embedded line")
		return false
	case "probe":
		r.report.errorf(d.pos(), "//guard:probe stands on a method: declare the method in this interface too, and put it there")
		return false
	}
	s := r.settings(d)
	if len(s.names) == 0 {
		r.report.errorf(d.pos(), "%s must name its methods here, such as %s Method", d.text(), d.text())
		return false
	}
	return r.saysSomething(d, s)
}

// saysSomething reports whether a //guard:call has an option: without one it is a mistake.
func (r *reader) saysSomething(d *directive, s *settings) bool {
	if d.name == "call" && len(s.written) == 0 {
		r.report.errorf(d.pos(), "//guard:call has no option: write timeout= or key=")
		return false
	}
	return true
}
