package annotations

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// choose decides how the interface is declared, and collects its methods. It reports why there can be none.
func (s *suggester) choose(suggestion *Suggestion) bool {
	object := suggestion.Of
	iface, isInterface := object.Type().Underlying().(*types.Interface)
	switch {
	case isInterface && !iface.IsMethodSet():
		s.refuse("%s is a constraint: no value has its type, so that there is nothing to guard", s.nameOf(object))
	case isInterface && iface.NumMethods() == 0:
		s.refuse("%s has no methods, so that there is nothing to guard", s.nameOf(object))
	case s.annotatedAt(object) != "":
		s.refuse("%s is annotated already, at %s: guardgen list prints what holds for its methods", s.nameOf(object), s.annotatedAt(object))
	case s.isOwnInterface(object):
		return s.chooseInPlace(suggestion)
	case !s.canBeNamed(suggestion):
	case isInterface:
		return s.chooseEmbedding(suggestion, iface)
	default:
		return s.chooseWritten(suggestion)
	}
	return false
}

// nameOf is how messages call a type.
func (s *suggester) nameOf(object *types.TypeName) string {
	if s.source == s.home {
		return object.Name()
	}
	return object.Pkg().Name() + "." + object.Name()
}

// isOwnInterface reports whether the type is an interface that its author can annotate where it is declared.
func (s *suggester) isOwnInterface(object *types.TypeName) bool {
	if !s.isOwn() {
		return false
	}
	_, spec := s.specOf(object)
	if spec == nil || spec.Assign.IsValid() {
		return false
	}
	_, ok := spec.Type.(*ast.InterfaceType)
	return ok
}

// canBeNamed reports whether the package of the suggestion may name the type, or says why not.
func (s *suggester) canBeNamed(suggestion *Suggestion) bool {
	object, pkg := suggestion.Of, suggestion.Package
	switch {
	case object.Pkg() == pkg.Types:
	case object.Pkg().Name() == "main":
		s.refuse("%s belongs to a program, which no package may import", s.nameOf(object))
		return false
	case !Importable(object.Pkg().Path(), pkg.Path):
		s.refuse("%s is declared in %s, which %s may not import", s.nameOf(object), object.Pkg().Path(), pkg.Path)
		return false
	case s.home != nil && dependsOn(s.source.Package, s.home.PkgPath, make(map[string]bool)):
		s.refuse("package %s imports this one, so that nothing here can name %s: run guardgen suggest where the client is used", object.Pkg().Path(), s.nameOf(object))
		return false
	}
	return true
}

// dependsOn reports whether a package imports the one at path, directly or not.
func dependsOn(p *packages.Package, path string, seen map[string]bool) bool {
	if seen[p.ID] {
		return false
	}
	seen[p.ID] = true
	for _, imported := range p.Imports {
		if imported.PkgPath == path || dependsOn(imported, path, seen) {
			return true
		}
	}
	return false
}

// chooseInPlace is for an interface of one's own: the package is then its, wherever guardgen runs.
func (s *suggester) chooseInPlace(suggestion *Suggestion) bool {
	object := suggestion.Of
	suggestion.Form, suggestion.Name = InPlace, object.Name()
	suggestion.Package = &Package{Path: s.source.PkgPath, Name: s.source.types.Name(), Types: s.source.types}
	if s.source != s.home {
		s.at.generates = slices.ContainsFunc(s.source.files, func(file *ast.File) bool {
			return slices.ContainsFunc(file.Comments, func(group *ast.CommentGroup) bool {
				return slices.ContainsFunc(group.List, func(c *ast.Comment) bool { return generateLine.MatchString(c.Text) })
			})
		})
	}
	iface := object.Type().Underlying().(*types.Interface)
	if hidden := hiddenMethod(iface, suggestion.Package); hidden != "" {
		s.refuse("%s has %s, so that no wrapper can have it: leave out what it embeds, and declare the methods that you call", s.nameOf(object), hidden)
		return false
	}
	for _, fn := range s.inOrder(iface) {
		if t := unwritable(fn.Signature(), suggestion.Package.Types); t != nil {
			s.refuse("%s has the type %s in its method %s, which package %s cannot name: leave the method out of the interface", s.nameOf(object), typeString(t, suggestion.Package.Types), fn.Name(), suggestion.Package.Name)
			return false
		}
		suggestion.Methods = append(suggestion.Methods, &SuggestedMethod{Func: fn, Name: fn.Name()})
	}
	return true
}

// chooseEmbedding is for the interfaces of others. One with a method that cannot be written here is written without it.
func (s *suggester) chooseEmbedding(suggestion *Suggestion, iface *types.Interface) bool {
	object := suggestion.Of
	if hidden := hiddenMethod(iface, suggestion.Package); hidden != "" {
		s.refuse("%s has %s, so that nothing but its own package implements it, and no wrapper can: declare an interface with the methods that you call", s.nameOf(object), hidden)
		return false
	}
	suggestion.Form = Embedding
	suggestion.pickName()
	for _, fn := range s.inOrder(iface) {
		suggestion.Methods = append(suggestion.Methods, &SuggestedMethod{Func: fn, Name: fn.Name()})
	}
	if s.leaveOut(suggestion) {
		suggestion.Form = Written
	}
	s.document(suggestion)
	return s.hasMethods(suggestion)
}

// chooseWritten is for structs, and for whatever else has methods.
func (s *suggester) chooseWritten(suggestion *Suggestion) bool {
	suggestion.Form = Written
	suggestion.pickName()
	for _, fn := range s.methodsOf(suggestion.Of) {
		suggestion.Methods = append(suggestion.Methods, &SuggestedMethod{Func: fn, Name: fn.Name()})
	}
	s.leaveOut(suggestion)
	s.document(suggestion)
	return s.hasMethods(suggestion)
}

// hasMethods reports whether there is a method to write, or says why not.
func (s *suggester) hasMethods(suggestion *Suggestion) bool {
	if len(suggestion.Methods) > 0 {
		return true
	}
	why := "has no exported method, so that there is nothing to guard"
	if len(suggestion.Notes) > 0 {
		why = "has no method that package " + suggestion.Package.Name + " can write down"
	}
	s.refuse("%s %s", s.nameOf(suggestion.Of), why)
	return false
}

// hiddenMethod names a method that only another package can have, "" where there is none.
func hiddenMethod(iface *types.Interface, pkg *Package) string {
	for method := range iface.Methods() {
		if !method.Exported() && method.Pkg() != pkg.Types {
			return "the unexported method " + method.Name() + " of package " + method.Pkg().Name()
		}
	}
	return ""
}

// leaveOut drops the methods whose signatures the package cannot write, and notes them. It reports whether there are some.
func (s *suggester) leaveOut(suggestion *Suggestion) bool {
	var names []string
	suggestion.Methods = slices.DeleteFunc(suggestion.Methods, func(m *SuggestedMethod) bool {
		bad := unwritable(m.Func.Signature(), suggestion.Package.Types) != nil
		if bad {
			names = append(names, m.Name)
		}
		return bad
	})
	if len(names) == 0 {
		return false
	}
	suggestion.Notes = append(suggestion.Notes, Note{Text: "left out, because package " + suggestion.Package.Name + " cannot name their types", Names: names})
	return true
}

// inOrder returns the methods of an interface in the order of the source, a file after the other.
func (s *suggester) inOrder(iface *types.Interface) []*types.Func {
	list := slices.Collect(iface.Methods())
	slices.SortStableFunc(list, s.compare)
	return list
}

// compare orders methods by where they are declared.
func (s *suggester) compare(a, b *types.Func) int {
	p, q := s.report.position(a.Pos()), s.report.position(b.Pos())
	return cmp.Or(cmp.Compare(p.Filename, q.Filename), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column), cmp.Compare(a.Name(), b.Name()))
}

// methodsOf returns the exported methods of a pointer to the type: its own in the order of the source, then those of its
// embedded fields in the order of these. A generic type has them with its own type parameters.
func (s *suggester) methodsOf(object *types.TypeName) []*types.Func {
	t := instantiated(types.Unalias(object.Type()))
	var list []*types.Selection
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if selection.Obj().Exported() {
			list = append(list, selection)
		}
	}
	slices.SortStableFunc(list, func(a, b *types.Selection) int {
		left, right := a.Index(), b.Index()
		promoted := func(index []int) int { return min(len(index)-1, 1) }
		return cmp.Or(
			promoted(left)-promoted(right),
			slices.Compare(left[:len(left)-1], right[:len(right)-1]),
			s.compare(a.Obj().(*types.Func), b.Obj().(*types.Func)),
		)
	})
	methods := make([]*types.Func, len(list))
	for i, selection := range list {
		methods[i] = selection.Obj().(*types.Func)
	}
	return methods
}

// document finds the documentation of the methods that are written out. Of others' methods one sentence is enough.
func (s *suggester) document(suggestion *Suggestion) {
	for _, m := range suggestion.Methods {
		if suggestion.Form != Written && !isProbeName(m.Name) {
			continue
		}
		m.Doc = s.docOf(m.Func)
		if !s.isOwn() {
			m.Doc = firstSentence(m.Doc)
		}
	}
}

// docOf returns the documentation of a method, nil where its source cannot be read.
func (s *suggester) docOf(fn *types.Func) (doc []string) {
	fn = fn.Origin()
	line := s.report.position(fn.Pos()).Line
	stands := func(name *ast.Ident) bool { // the column is not known to export data
		return name.Name == fn.Name() && s.report.position(name.Pos()).Line == line
	}
	for file := range s.loader.filesOf(fn) { // the likeliest is enough for documentation
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if stands(n.Name) {
					doc = docLines(n.Doc)
				}
				return false
			case *ast.Field:
				if len(n.Names) == 1 && stands(n.Names[0]) {
					doc = docLines(n.Doc, n.Comment)
				}
			}
			return doc == nil
		})
		break
	}
	return doc
}

// firstSentence cuts documentation after its first sentence.
func firstSentence(doc []string) []string {
	for i, line := range doc {
		switch end := strings.Index(line, ". "); {
		case line == "":
			return doc[:i]
		case end >= 0 && !strings.HasSuffix(line[:end], "e.g") && !strings.HasSuffix(line[:end], "i.e"):
			return append(slices.Clone(doc[:i]), line[:end+1])
		case strings.HasSuffix(line, "."):
			return doc[:i+1]
		}
	}
	return doc
}
