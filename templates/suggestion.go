package templates

import (
	"bytes"
	"fmt"
	"go/types"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// Suggestion returns a Go file with the suggested interface, gofmt-clean: for a new file of the package, or, where the
// author has declared the interface already, to be put in the place of the declaration.
func Suggestion(s *annotations.Suggestion) ([]byte, error) {
	w := newSuggestionWriter(s)
	declaration, err := w.declaration()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Of.Name(), err)
	}
	out := jen.NewFilePathName(s.Package.Path, s.Package.Name)
	if declared := w.importDeclaration(); declared != nil {
		out.Add(declared).Line()
	}
	if s.Generate {
		out.Comment("//go:generate go tool guardgen").Line()
	}
	for _, line := range w.review() {
		out.Add(line)
	}
	out.Line()
	for _, c := range declaration {
		out.Add(c)
	}
	var text bytes.Buffer
	if err := out.Render(&text); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// suggestionWriter is the file of one suggestion in the making.
type suggestionWriter struct {
	*annotations.Suggestion
	imports *imports
	types   *typeWriter
	params  []typeParam
}

func newSuggestionWriter(s *annotations.Suggestion) *suggestionWriter {
	wrapper := annotations.Dependency{Wrapper: s.Wrapper()}
	names := newScope(universe(), s.Package.Types.Scope().Names()...)
	names.declare(s.Name, wrapper.Wrapper, wrapper.Constructor())
	w := &suggestionWriter{Suggestion: s}
	inScope, local := make(map[*types.TypeParam]string), newScope(names)
	for param := range typeParamsOf(s.Of).TypeParams() {
		name := local.pick(param.Obj().Name(), "T")
		w.params = append(w.params, typeParam{name, param})
		inScope[param] = name
	}
	importNames := newScope(names)
	for _, p := range w.params {
		importNames.declare(p.name)
	}
	w.imports = newImports(importNames, s.Aliases)
	w.types = &typeWriter{pkg: s.Package.Types, imports: w.imports, params: inScope}
	return w
}

// importDeclaration returns the imports, nil where there are none.
func (w *suggestionWriter) importDeclaration() jen.Code {
	if w.Form == annotations.InPlace {
		if len(w.Imports) == 0 {
			return nil
		}
		var std, others []jen.Code
		for _, spec := range w.Imports {
			quoted := spec[strings.IndexAny(spec, "\"`")+1:]
			if isStandard(quoted) {
				std = append(std, jen.Op(spec))
			} else {
				others = append(others, jen.Op(spec))
			}
		}
		return importGroups(std, others)
	}
	if len(w.imports.used) == 0 {
		return nil
	}
	return w.imports.declaration()
}

// declaration returns the interface.
func (w *suggestionWriter) declaration() ([]jen.Code, error) {
	if w.Form == annotations.InPlace {
		return []jen.Code{jen.Op(w.Declaration)}, nil
	}
	params, err := declareParams(w.types, w.params)
	if err != nil {
		return nil, err
	}
	of, err := w.types.named(w.Of, nil)
	if err != nil {
		return nil, err
	}
	if len(w.params) > 0 {
		of = of.Types(typeArguments(w.params)...)
	}
	members, err := w.members(of)
	if err != nil {
		return nil, err
	}
	code := append(comment(w.doc()), jen.Comment("//"), jen.Comment(w.DependencyDirective()))
	code = append(code, jen.Type().Id(w.Name).Types(params...).Interface(members...))
	return append(code, w.assertion(of)...), nil
}

// doc says what the interface is.
func (w *suggestionWriter) doc() []string {
	switch {
	case w.Form == annotations.Embedding:
		return prose(w.Name, "is", w.original()+",", "behind a guard once it is wrapped.")
	default:
		return prose(w.Name, "is what this package uses of", w.original()+".")
	}
}

// original is how a sentence calls the type.
func (w *suggestionWriter) original() string {
	name := w.Of.Name()
	if w.Of.Pkg() != w.Package.Types {
		name = w.Of.Pkg().Name() + "." + name
	}
	if !types.IsInterface(w.Of.Type()) {
		name = "*" + name
	}
	return name
}

func (w *suggestionWriter) members(of *jen.Statement) ([]jen.Code, error) {
	var members []jen.Code
	if w.Form == annotations.Embedding {
		for _, line := range w.DirectivesAbout(func(*annotations.SuggestedMethod) bool { return true }) {
			members = append(members, jen.Comment(line))
		}
		members = append(members, of)
	}
	for _, m := range w.Methods {
		if w.Form == annotations.Embedding && m.Class != "probe" {
			continue
		}
		signature, err := w.types.signature(m.Func.Signature())
		if err != nil {
			return nil, fmt.Errorf("method %s: %w", m.Name, err)
		}
		if len(members) > 0 {
			members = append(members, jen.Line())
		}
		members = append(members, comment(m.Doc)...)
		if directive := m.Directive(); directive != "" {
			if len(m.Doc) > 0 {
				members = append(members, jen.Comment("//"))
			}
			members = append(members, jen.Comment(directive))
		}
		members = append(members, jen.Id(m.Name).Add(signature))
	}
	return members, nil
}

// assertion ties the interface to the type that it was made from. Where it embeds that, or is generic, nothing does.
func (w *suggestionWriter) assertion(of *jen.Statement) []jen.Code {
	if w.Form != annotations.Written || len(w.params) > 0 {
		return nil
	}
	value := jen.Parens(jen.Op("*").Add(of))
	if types.IsInterface(w.Of.Type()) {
		value = jen.Add(of)
	}
	return []jen.Code{jen.Line(), jen.Var().Id("_").Id(w.Name).Op("=").Add(value).Parens(jen.Nil())}
}

// review lists what a person should look at. It stands apart from the declaration, so that it is no documentation.
func (w *suggestionWriter) review() []jen.Code {
	first := []string{"guardgen suggests this for", w.original() + ".", "Review it, then remove this comment:"}
	if w.Form == annotations.InPlace {
		first = []string{"guardgen suggests this in the place of the declaration at", w.Pos + ".", "Review it, then remove this comment:"}
	}
	lines := prose(first...)
	item := func(text string) {
		for i, line := range prose(text) {
			if i == 0 {
				lines = append(lines, "  - "+line)
			} else {
				lines = append(lines, "    "+line)
			}
		}
	}
	item("name=" + w.Dependency + ": what logs and health pages call the dependency; clients that share the name share a breaker")
	if w.Form == annotations.Written {
		item("methods: delete those that are not called; what is not here need not be guarded")
	}
	for _, note := range w.Notes {
		text := note.Text
		if len(note.Names) > 0 {
			text += ": " + strings.Join(note.Names, ", ")
		}
		item(text)
	}
	return comment(lines)
}
