package annotations

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// Suggest returns an annotated interface to start from, for the type that target names: PKG.Type, where PKG is an import
// path, a directory such as ./transport, the name of a package, or nothing for the package in Config.Dir.
//
// Suggest writes nothing. The suggestion is nil if diagnostics.HasErrors.
func Suggest(ctx context.Context, config Config, target string) (*Suggestion, Diagnostics) {
	report := &reporter{fset: token.NewFileSet()}
	config, err := config.settled()
	report.dir = config.Dir
	if err != nil {
		report.add(token.Position{}, Error, err.Error())
		return nil, report.sorted()
	}
	at := readHome(config.Dir)
	config.Overlay = at.overlay(config.Overlay)
	l := newLoader(config, report)
	l.typed = true
	s := &suggester{loader: l, report: report, at: at}
	suggestion := s.suggest(ctx, target)
	if report.found.HasErrors() {
		return nil, report.sorted()
	}
	return suggestion, nil // what is wrong with annotations elsewhere is for Load to say
}

// suggester makes one suggestion. Not safe for concurrent use.
type suggester struct {
	loader *loader
	report *reporter
	at     home
	home   *sourcePackage // nil where the go command knows no package in the directory
	source *sourcePackage // the package of the type
}

// refuse reports why there is no suggestion.
func (s *suggester) refuse(format string, args ...any) {
	s.report.add(token.Position{}, Error, fmt.Sprintf(format, args...))
}

func (s *suggester) suggest(ctx context.Context, target string) *Suggestion {
	pattern, name, ok := s.resolve(ctx, target)
	if !ok {
		return nil
	}
	s.load(ctx, pattern)
	if s.report.found.HasErrors() || s.source == nil {
		return nil
	}
	object := s.lookup(name)
	if object == nil {
		return nil
	}
	suggestion := &Suggestion{
		Package: s.target(),
		Aliases: s.aliases(),
		Of:      object,
		Pos:     s.place(object),
	}
	if !s.choose(suggestion) || s.isInvalid(suggestion) {
		return nil
	}
	suggestion.Generate = !s.at.generates
	suggestion.Dependency = s.dependencyName(object)
	suggestion.judge()
	if s.isIdle(suggestion) {
		return nil
	}
	if suggestion.Form == InPlace {
		s.writeInPlace(suggestion)
	}
	return suggestion
}

// load reads the package of the type, and that of the directory.
func (s *suggester) load(ctx context.Context, pattern string) {
	patterns := []string{pattern}
	if s.at.path != "" && pattern != "." {
		patterns = append(patterns, ".")
	}
	for _, p := range s.loader.load(ctx, patterns) {
		switch {
		case p.ID != p.PkgPath && strings.HasSuffix(p.PkgPath, "_test"): // the tests outside of one of the two
		case s.at.path != "" && slices.Contains(p.GoFiles, s.at.placeholder()):
			s.home = p
		default:
			s.source = p
		}
	}
	if s.source == nil {
		s.source = s.home
	}
}

// lookup finds the type in its package, or reports why there is none.
func (s *suggester) lookup(name string) *types.TypeName {
	pkg := s.source.types
	switch object := pkg.Scope().Lookup(name).(type) {
	case *types.TypeName:
		switch {
		case s.source != s.home && !object.Exported() && !s.isOwnInterface(object):
			s.refuse("%s.%s is not exported, so that no other package can name it", pkg.Name(), name)
		case !isResolved(object.Type()):
			s.refuse("%s.%s cannot be resolved: its declaration at %s has an error", pkg.Name(), name, s.place(object))
		default:
			return object
		}
	case *types.Func, *types.Var, *types.Const:
		kind := strings.Fields(types.ObjectString(object, nil))[0]
		s.refuse("%s.%s is a %s, not a type: name an interface or a struct", pkg.Name(), name,
			map[string]string{"func": "function", "var": "variable", "const": "constant"}[kind])
	default:
		hint := ""
		if s.source == s.home && !token.IsExported(name) {
			hint = "; a type of another package is written PKG.Type"
		}
		s.refuse("package %s has no type %s: %s%s", s.source.PkgPath, name, s.nearType(name), hint)
	}
	return nil
}

// isInvalid reports whether a method has a type that could not be resolved, and says which.
func (s *suggester) isInvalid(suggestion *Suggestion) bool {
	for _, m := range suggestion.Methods {
		if invalid(m.Func.Signature()) {
			s.refuse("%s: the signature of %s, at %s, has a type that cannot be resolved: go build tells why", s.nameOf(suggestion.Of), m.Name, s.place(m.Func))
			return true
		}
	}
	return false
}

// isIdle reports whether every method would pass unguarded, and says why.
func (s *suggester) isIdle(suggestion *Suggestion) bool {
	if slices.ContainsFunc(suggestion.Methods, func(m *SuggestedMethod) bool { return m.guarded }) {
		return false
	}
	var why []string
	for _, note := range suggestion.Notes {
		if note.Class == "skip" {
			why = append(why, strings.Join(note.Names, ", ")+" would be "+note.Text)
		}
	}
	s.refuse("%s has no method to guard: %s", s.nameOf(suggestion.Of), strings.Join(why, "; "))
	return true
}

// nearType says which type of the package was probably meant.
func (s *suggester) nearType(said string) string {
	var names []string
	for _, name := range s.source.types.Scope().Names() {
		object, ok := s.source.types.Scope().Lookup(name).(*types.TypeName)
		if ok && (object.Exported() || s.source == s.home) {
			names = append(names, name)
		}
	}
	if word, ok := near(said, names); ok {
		return "did you mean " + word + "?"
	}
	switch {
	case len(names) == 0:
		return "it has none"
	case len(names) > 12:
		return "go doc " + s.source.PkgPath + " lists what it has"
	}
	return suggestion(said, names)
}

// target returns the package that the suggestion is for, as far as it is known.
func (s *suggester) target() *Package {
	if s.home == nil {
		return &Package{Path: s.at.name, Name: s.at.name, Dir: s.at.dir, Types: types.NewPackage(s.at.name, s.at.name)}
	}
	return &Package{Path: s.home.PkgPath, Name: s.home.types.Name(), Dir: s.at.dir, Types: s.home.types}
}

// aliases returns how the package of the directory names its imports; of two names, the first.
func (s *suggester) aliases() map[string]string {
	names := make(map[string]string)
	if s.home == nil {
		return names
	}
	for _, file := range s.home.files {
		for path, name := range aliases(file) {
			if _, known := names[path]; !known {
				names[path] = name
			}
		}
	}
	return names
}

// place says where an object is declared.
func (s *suggester) place(object types.Object) string { return s.lineOf(object.Pos()) }

// lineOf returns a position as file:line, relative to the directory.
func (s *suggester) lineOf(at token.Pos) string {
	pos := s.report.position(at)
	return fmt.Sprintf("%s:%d", filepath.ToSlash(relative(s.report.dir, pos.Filename)), pos.Line)
}

// dependencyName guesses what people call the dependency: redis for a client from package redis. In one's own module a
// package is named after its use, and the type after what it talks to.
func (s *suggester) dependencyName(object *types.TypeName) string {
	name := kebab(object.Name())
	if !s.isOwn() {
		name = kebab(object.Pkg().Name())
	}
	if !isKebab(name) {
		return "dependency"
	}
	return name
}

// isOwn reports whether the package of the type belongs to the user's own modules.
func (s *suggester) isOwn() bool { return s.source.Module != nil && s.source.Module.Main }
