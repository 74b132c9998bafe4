package annotations

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
)

// specOf returns the syntax that declares a type of the target's package, nil where there is none.
func (s *suggester) specOf(object *types.TypeName) (*ast.GenDecl, *ast.TypeSpec) {
	for _, file := range s.source.files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, spec := range decl.Specs {
				if spec := spec.(*ast.TypeSpec); spec.Name.Pos() == object.Pos() {
					return decl, spec
				}
			}
		}
	}
	return nil, nil
}

// annotatedAt returns where the first directive on or in the declaration of one's own type stands, "" where there is none.
func (s *suggester) annotatedAt(object *types.TypeName) string {
	decl, spec := s.specOf(object)
	if spec == nil || !s.isOwn() {
		return ""
	}
	for _, group := range append([]*ast.CommentGroup{decl.Doc, spec.Doc}, s.source.memberDocs(spec)...) {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//guard:") {
				return s.lineOf(comment.Pos())
			}
		}
	}
	return ""
}

// insertion is text that goes into a source before an offset.
type insertion struct {
	offset int
	text   string
}

// writeInPlace takes the declaration as it stands in the source, and adds directives.
func (s *suggester) writeInPlace(suggestion *Suggestion) {
	decl, spec := s.specOf(suggestion.Of)
	begin := s.report.position(spec.Pos())
	content, err := s.loader.read(begin.Filename)
	if err != nil {
		s.refuse("%v", err)
		return
	}
	offset := func(pos token.Pos) int { return s.report.position(pos).Offset }
	var insertions []insertion
	iface := suggestion.Of.Type().Underlying().(*types.Interface)
	embedded := 0
	for _, field := range spec.Type.(*ast.InterfaceType).Methods.List {
		var lines []string
		if len(field.Names) > 0 {
			lines = suggestion.directivesOf(field.Names[0].Name)
		} else {
			lines = suggestion.directivesAbout(iface.EmbeddedType(embedded))
			embedded++
		}
		if len(lines) > 0 {
			insertions = append(insertions, insertAbove(content, field, lines, offset))
		}
	}
	end := offset(spec.End())
	if spec.Comment != nil {
		end = offset(spec.Comment.End())
	}
	suggestion.declareProbe(spec.Type.(*ast.InterfaceType))
	suggestion.Declaration = s.docAbove(decl, spec, content, offset) + suggestion.DependencyDirective() + "\ntype " +
		insert(content, begin.Offset, end, insertions)
	suggestion.Imports = s.importsOf(spec)
}

// insertAbove puts lines directly above a method or an embedded element, below its documentation.
func insertAbove(content []byte, field *ast.Field, lines []string, offset func(token.Pos) int) insertion {
	start := offset(field.Type.Pos())
	if len(field.Names) > 0 {
		start = offset(field.Names[0].Pos())
	}
	text := strings.Join(lines, "\n") + "\n"
	if field.Doc != nil {
		text = "//\n" + text
	}
	before := strings.TrimRight(string(content[:start]), " \t")
	if !strings.HasSuffix(before, "\n") {
		text = "\n" + text
	}
	return insertion{start, text}
}

// insert returns content between two offsets with the insertions in their places.
func insert(content []byte, from, to int, insertions []insertion) string {
	slices.SortStableFunc(insertions, func(a, b insertion) int { return cmp.Compare(a.offset, b.offset) })
	var b strings.Builder
	for _, in := range insertions {
		b.Write(content[from:in.offset])
		b.WriteString(in.text)
		from = in.offset
	}
	b.Write(content[from:to])
	return b.String()
}

// docAbove returns the documentation of the declaration as it is written, ready for directives below it.
func (s *suggester) docAbove(decl *ast.GenDecl, spec *ast.TypeSpec, content []byte, offset func(token.Pos) int) string {
	doc := spec.Doc
	if doc == nil && !decl.Lparen.IsValid() {
		doc = decl.Doc
	}
	if doc == nil {
		return ""
	}
	return string(content[offset(doc.Pos()):offset(doc.End())]) + "\n//\n"
}

// directivesOf returns what stands on a method that the interface declares itself.
func (s *Suggestion) directivesOf(method string) []string {
	for _, m := range s.Methods {
		if m.Name == method && m.Class != "" {
			return []string{m.Directive()}
		}
	}
	return nil
}

// declareProbe asks for a declaration of the probe where only an embedded interface has one: //guard:probe needs that.
func (s *Suggestion) declareProbe(syntax *ast.InterfaceType) {
	probe := s.Probe()
	if probe == nil || slices.ContainsFunc(syntax.Methods.List, func(field *ast.Field) bool {
		return len(field.Names) > 0 && field.Names[0].Name == probe.Name
	}) {
		return
	}
	probe.Class = ""
	for i := range s.Notes {
		if s.Notes[i].Class == "probe" {
			s.Notes[i] = Note{Text: "looks like the health check: declare it in " + s.Name + ", too, with //guard:probe above it", Names: []string{probe.Name}}
		}
	}
}

// directivesAbout returns what stands on an embedded interface.
func (s *Suggestion) directivesAbout(embedded types.Type) []string {
	iface, ok := embedded.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	return s.DirectivesAbout(func(m *SuggestedMethod) bool {
		object, _, _ := types.LookupFieldOrMethod(iface, false, m.Func.Pkg(), m.Name)
		return object != nil
	})
}

// DirectivesAbout returns directives that name the methods for which about is true: those with the same options share
// lines, which are not longer than a screen is wide.
func (s *Suggestion) DirectivesAbout(about func(*SuggestedMethod) bool) (lines []string) {
	const width = 110
	methods := slices.DeleteFunc(slices.Clone(s.Methods), func(m *SuggestedMethod) bool {
		return m.Class == "" || m.Class == "probe" || !about(m)
	})
	var order []string
	names := make(map[string][]string)
	slices.SortStableFunc(methods, func(a, b *SuggestedMethod) int { return cmp.Compare(a.Class, b.Class) })
	for _, m := range methods {
		kind := strings.Join(append([]string{m.Class}, m.Options()...), " ")
		if len(names[kind]) == 0 {
			order = append(order, kind)
		}
		names[kind] = append(names[kind], m.Name)
	}
	for _, kind := range order {
		class, options, hasOptions := strings.Cut(kind, " ")
		if hasOptions {
			options = " " + options
		}
		line := "//guard:" + class
		for _, name := range names[kind] {
			if len(line)+len(name)+len(options) > width {
				lines = append(lines, line+options)
				line = "//guard:" + class
			}
			line += " " + name
		}
		lines = append(lines, line+options)
	}
	return lines
}

// importsOf returns the import specs that a declaration needs, as the file has them.
func (s *suggester) importsOf(spec *ast.TypeSpec) (specs []string) {
	used := make(map[string]bool)
	ast.Inspect(spec, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if qualifier, ok := selector.X.(*ast.Ident); ok {
				used[qualifier.Name] = true
			}
		}
		return true
	})
	real := make(map[string]string)
	for _, imported := range s.source.types.Imports() {
		real[imported.Path()] = imported.Name()
	}
	for _, file := range s.source.files {
		if spec.Pos() < file.FileStart || file.FileEnd <= spec.Pos() {
			continue
		}
		for _, imported := range file.Imports {
			importPath, _ := strconv.Unquote(imported.Path.Value) // the parser has checked it
			name, given := cmp.Or(real[importPath], path.Base(importPath)), ""
			if imported.Name != nil {
				name, given = imported.Name.Name, imported.Name.Name+" "
			}
			if used[name] {
				specs = append(specs, given+imported.Path.Value)
			}
		}
	}
	return specs
}
