package annotations

import (
	"go/ast"
	"go/token"
	"slices"
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

// claimMethods claims what stands in a type that is refused as a whole, and on its methods, so that it is not refused once
// more.
func (r *reader) claimMethods(p *sourcePackage, spec *ast.TypeSpec) {
	r.claim(p.memberDocs(spec)...)
}

// memberDocs returns the comments in which directives about single methods of a type may stand.
func (p *sourcePackage) memberDocs(spec *ast.TypeSpec) []*ast.CommentGroup {
	docs := fieldDocs(spec)
	for _, method := range p.methodsOf(spec.Name.Name) {
		docs = append(docs, method.Doc)
	}
	return docs
}

// fieldDocs returns the comments above and behind what stands between the braces of an interface or a struct.
func fieldDocs(spec *ast.TypeSpec) (docs []*ast.CommentGroup) {
	var fields *ast.FieldList
	switch t := ast.Unparen(spec.Type).(type) {
	case *ast.InterfaceType:
		fields = t.Methods
	case *ast.StructType:
		fields = t.Fields
	}
	if fields != nil {
		for _, field := range fields.List {
			docs = append(docs, field.Doc, field.Comment)
		}
	}
	return docs
}

// methodsOf returns the declarations of the methods of a type.
func (p *sourcePackage) methodsOf(name string) (list []*ast.FuncDecl) {
	for _, file := range p.files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && receiver(decl) == name {
				list = append(list, decl)
			}
		}
	}
	return list
}

// receiver returns the name of the type that a function is a method of, "" for one that is no method.
func receiver(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) != 1 {
		return ""
	}
	name := nameIn(decl.Recv.List[0].Type)
	if name == nil {
		return ""
	}
	return name.Name
}

// nameIn returns the identifier in *T, T[A] and (T), nil where there is another expression.
func nameIn(expression ast.Expr) *ast.Ident {
	switch e := expression.(type) {
	case *ast.Ident:
		return e
	case *ast.ParenExpr:
		return nameIn(e.X)
	case *ast.StarExpr:
		return nameIn(e.X)
	case *ast.IndexExpr:
		return nameIn(e.X)
	case *ast.IndexListExpr:
		return nameIn(e.X)
	}
	return nil
}

// noteUnannotated remembers why the directives on and in a type without //guard:dependency would mean nothing, unless
// an annotated type embeds it.
func (r *reader) noteUnannotated(p *sourcePackage, spec *ast.TypeSpec, directives []*directive) {
	why := spec.Name.Name + " has no //guard:dependency: write it above the type"
	for _, d := range append(directives, r.directives(p.memberDocs(spec)...)...) {
		r.astray[d] = why
	}
}

// reportAstray reports the directives in a part of a file that no annotated type has claimed.
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
				why = surroundings(file, group, d.name)
			}
			r.report.errorf(d.pos(), "%s has no effect here: %s", d.text(), why)
		}
	}
}

// surroundings says what is wrong with the place of a comment that is attached to no type, method or embedded line, and
// has the directive of that name.
func surroundings(file *ast.File, group *ast.CommentGroup, directive string) string {
	why := "put it directly above an interface or a struct type, without a blank line between"
	switch method := methodBelow(file, group); {
	case directive == "dependency":
	case method != nil:
		why = "put it directly above the method " + method.Name.Name + ", without a blank line between"
	case directive == "probe":
		why = "put it directly above a method, without a blank line between"
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Doc == group && decl.Recv != nil {
				return "no wrapper has the method " + decl.Name.Name + " of " + receiver(decl)
			}
			if decl.Doc == group {
				return decl.Name.Name + " is a function, and directives stand on types and on their methods"
			}
			if decl.Pos() <= group.Pos() && group.End() <= decl.End() {
				return "nothing inside a function has a wrapper: declare types outside of " + decl.Name.Name
			}
		case *ast.GenDecl:
			if decl.Doc == group && decl.Tok != token.TYPE {
				return "directives stand on types, not on " + decl.Tok.String() + " declarations"
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch t := n.(type) {
		case *ast.InterfaceType:
			if t.Methods.Pos() <= group.Pos() && group.End() <= t.Methods.End() {
				why = "put it directly above a method or an embedded interface, without a blank line between, or behind it on the same line"
			}
		case *ast.StructType:
			if t.Fields.Pos() <= group.Pos() && group.End() <= t.Fields.End() {
				why = "only embedded fields have methods: put it above the declaration of a method, or on the type with the method's name"
			}
		}
		return true
	})
	return why
}

// methodBelow returns the method that is the next declaration below a comment, or nil.
func methodBelow(file *ast.File, group *ast.CommentGroup) *ast.FuncDecl {
	i := slices.IndexFunc(file.Decls, func(decl ast.Decl) bool { return group.End() <= decl.Pos() })
	if i < 0 {
		return nil
	}
	if method, ok := file.Decls[i].(*ast.FuncDecl); ok && method.Recv != nil {
		return method
	}
	return nil
}

// fitsMethod reports whether a directive may stand on a method, and says why not.
func (r *reader) fitsMethod(d *directive, method string) bool {
	if d.name == "dependency" {
		r.report.errorf(d.pos(), "//guard:dependency stands on a type, not on a method")
		return false
	}
	s := r.settings(d)
	if len(s.names) > 0 {
		if why := withoutValue(d, s.names[0].name); why != "" && s.names[0].name != method {
			r.report.errorf(s.names[0].pos, "%s", why)
			return false
		}
		r.report.errorf(s.names[0].pos, "%s on %s is about %s already: remove %s, or name methods on the type", d.text(), method, method, s.names[0].name)
		return false
	}
	return r.saysSomething(d, s)
}

// fitsNames reports whether a directive may stand on a type or an embedded line, and says why not.
func (r *reader) fitsNames(d *directive) bool {
	switch d.name {
	case "dependency":
		r.report.errorf(d.pos(), "//guard:dependency stands on the type, not on an embedded line")
		return false
	case "probe":
		r.report.errorf(d.pos(), "//guard:probe stands on a method: declare the method in this type too, and put it there")
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
	isOption := func(w word) bool { return withoutValue(d, w.name) != "" } // or a method's name, as is seen later
	if d.name == "call" && len(s.written) == 0 && !slices.ContainsFunc(s.names, isOption) {
		r.report.errorf(d.pos(), "//guard:call has no option: write timeout=, key= or refuse=")
		return false
	}
	return true
}
