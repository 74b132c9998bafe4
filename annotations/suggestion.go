package annotations

import (
	"go/ast"
	"go/types"
	"strings"
)

// Suggestion is an annotated interface to start from: what can be told of a type by its names and signatures. What
// cannot, and what is only a guess, stands in the notes, for a person to decide.
type Suggestion struct {
	Package    *Package          // that the interface is for; it has no Files
	Aliases    map[string]string // import path to the name that the package gives it, where it gives one
	Generate   bool              // no file of the package has a go:generate line for guardgen yet
	Form       SuggestionForm
	Name       string
	Of         *types.TypeName // the type that it was made from
	Pos        string          // where that is declared, for people
	Dependency string
	Keys       []Key              // key= of the dependency
	Methods    []*SuggestedMethod // every one that the interface has, in the order of the source
	Notes      []Note

	// What InPlace has instead: the declaration as its author wrote it, with annotations, and the imports that it needs.
	Declaration string
	Imports     []string
}

// SuggestionForm says how the interface is declared.
type SuggestionForm uint8

const (
	InPlace   SuggestionForm = iota // the author's own declaration, with directives added
	Embedding                       // it embeds the interface that it was made from, so that it grows with it
	Written                         // its methods are written out
)

// SuggestedMethod is one method of a suggestion.
type SuggestedMethod struct {
	Func    *types.Func
	Doc     []string // as Client.Doc; only Written and the probe of Embedding have it
	Name    string
	Class   string // name of the directive, "" without one
	Key     *Key   // destructive: one of its own
	why     string // the note that it belongs to, "" without one
	guarded bool
}

// Options returns the options of the method's directive, in the order of the documentation.
func (m *SuggestedMethod) Options() []string {
	if m.Class != "destructive" {
		return nil
	}
	budget := "budget=" + DefaultBudget.String() // which holds without it, too: written out, so that somebody looks at it
	if m.Key == nil {
		return []string{budget}
	}
	return []string{"key=" + m.Key.short(), budget}
}

// Directive returns the method's directive as it stands on the method, "" without one.
func (m *SuggestedMethod) Directive() string {
	if m.Class == "" {
		return ""
	}
	return strings.Join(append([]string{"//guard:" + m.Class}, m.Options()...), " ")
}

// Note is something to review.
type Note struct {
	Text  string
	Names []string // the methods that it is about, if it is about some
	Class string   // the directive that they have, "" where it is a question only
}

// DependencyDirective returns the line above the interface.
func (s *Suggestion) DependencyDirective() string {
	line := "//guard:dependency name=" + s.Dependency
	if len(s.Keys) == 0 {
		return line
	}
	keys := make([]string, len(s.Keys))
	for i, key := range s.Keys {
		keys[i] = key.short()
	}
	return line + " key=" + strings.Join(keys, ",")
}

// short returns the key as an author writes it: a bare word where kind and path are one.
func (k Key) short() string {
	if len(k.Path) == 1 && k.Path[0] == k.Kind {
		return k.Kind
	}
	return k.String()
}

// Wrapper returns the name of the type that guardgen is going to write.
func (s *Suggestion) Wrapper() string { return wrapperName(s.Name) }

// Probe returns the method that is the probe, or nil.
func (s *Suggestion) Probe() *SuggestedMethod {
	for _, m := range s.Methods {
		if m.Class == "probe" {
			return m
		}
	}
	return nil
}

// pickName names the interface like its type, if that name, the wrapper and its constructor are free in the package.
func (s *Suggestion) pickName() {
	name := upperFirst(s.Of.Name())
	candidates := []string{name, upperFirst(s.Of.Pkg().Name()) + name, name + "Dependency"}
	free := func(name string) bool {
		wrapper := wrapperName(name)
		for _, n := range []string{name, wrapper, Dependency{Wrapper: wrapper}.Constructor()} {
			if s.Package.Types.Scope().Lookup(n) != nil {
				return false
			}
		}
		return ast.IsExported(name)
	}
	for s.Name = candidates[0]; !free(s.Name); candidates = append(candidates, candidates[len(candidates)-1]+"2") {
		candidates = candidates[1:]
		s.Name = candidates[0]
	}
}
