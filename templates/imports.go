package templates

import (
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"github.com/guardgen/guardgen/annotations"
)

// imports are the packages that a generated file names, under names that mean nothing else in the package.
//
// It does what jen.Qual does, and three things that jen.Qual cannot: a name gives way to the declarations of the
// package, a method can ask for it before it names its parameters, and the standard library is a group of its own.
type imports struct {
	names   *scope            // of the package that the file belongs to
	aliases map[string]string // import path to the name that the source file gives
	used    map[string]string // import path to name
	real    map[string]string // import path to the name that the package gives itself
}

func newImports(names *scope, aliases map[string]string) *imports {
	return &imports{names: names, aliases: aliases, used: make(map[string]string), real: make(map[string]string)}
}

// name returns the name under which the file knows the package at importPath, and imports it. The author's name of the
// package is kept wherever it is free, and else its real one; html/template beside text/template is htmltemplate.
func (im *imports) name(importPath, real string) string {
	if name, ok := im.used[importPath]; ok {
		return name
	}
	candidates := []string{real, longName(importPath, real), real}
	if alias, ok := im.aliases[importPath]; ok {
		candidates = append([]string{alias}, candidates...)
	}
	name := im.names.pick(candidates...)
	im.used[importPath], im.real[importPath] = name, real
	return name
}

// longName puts the directory above a package in front of its name, or takes its place where it says the name already:
// goredis for github.com/redis/go-redis/v9.
func longName(importPath, real string) string {
	parent := identifierPart(path.Base(path.Dir(importPath)))
	switch {
	case parent == "":
		return "std" + real
	case strings.Contains(parent, real):
		return parent
	default:
		return parent + real
	}
}

func (im *imports) qualified(importPath, real, name string) *jen.Statement {
	return jen.Id(im.name(importPath, real)).Dot(name)
}

func (im *imports) guard(name string) *jen.Statement {
	return im.qualified(annotations.RuntimePath, "guard", name)
}

func (im *imports) context(name string) *jen.Statement {
	return im.qualified("context", "context", name)
}

// declaration returns the import declaration of all packages named so far.
func (im *imports) declaration() jen.Code {
	var std, others []jen.Code
	for _, importPath := range slices.Sorted(maps.Keys(im.used)) {
		if isStandard(importPath) {
			std = append(std, im.spec(importPath))
		} else {
			others = append(others, im.spec(importPath))
		}
	}
	return importGroups(std, others)
}

// isStandard reports whether an import path goes with those of the standard library: its first element has no dot.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// importGroups returns an import declaration, with the standard library apart from the others.
func importGroups(std, others []jen.Code) jen.Code {
	if len(std) > 0 && len(others) > 0 {
		std = append(std, jen.Empty())
	}
	return jen.Id("import").Custom(jen.Options{Open: "(", Close: ")", Multi: true}, append(std, others...)...)
}

// spec says the name of the package wherever its path does not say it: math/rand/v2 is rand, and only named so v2.
func (im *imports) spec(importPath string) *jen.Statement {
	if name := im.used[importPath]; name != path.Base(importPath) || name != im.real[importPath] {
		return jen.Id(name).Lit(importPath)
	}
	return jen.Lit(importPath)
}

// identifierPart drops from s what cannot stand in an identifier.
func identifierPart(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
