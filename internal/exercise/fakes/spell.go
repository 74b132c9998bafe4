package fakes

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// speller writes types as a file of its package spells them, and notes what the file has to import.
type speller struct {
	pkg     *types.Package
	imports map[string]string // import path to name
}

// own marks the types of the package itself until it is known that no predeclared one has the same name.
const own = "x_own"

func (s *speller) qualifier(p *types.Package) string {
	if p == s.pkg {
		return own
	}
	return s.imported(p.Path(), p.Name())
}

func (s *speller) imported(path, name string) string {
	if s.imports[path] == "" {
		s.imports[path] = fmt.Sprintf("x%d_%s", len(s.imports), name)
	}
	return s.imports[path]
}

// spell returns t as source. A predeclared type that the package hides goes by its name in package exercise.
func (s *speller) spell(t types.Type) string {
	text := types.TypeString(t, s.qualifier)
	file := token.NewFileSet().AddFile("", -1, len(text))
	var scan scanner.Scanner
	scan.Init(file, []byte(text), nil, 0)
	var out strings.Builder
	end, before := 0, token.ILLEGAL
	for {
		pos, tok, literal := scan.Scan()
		if tok == token.EOF {
			break
		}
		at := file.Offset(pos)
		if tok == token.IDENT && before != token.PERIOD && types.Universe.Lookup(literal) != nil && s.pkg.Scope().Lookup(literal) != nil {
			out.WriteString(text[end:at] + s.imported(exercisePath, "exercise") + "." + upperFirst(literal))
			end = at + len(literal)
		}
		before = tok
	}
	return strings.ReplaceAll(out.String()+text[end:], own+".", "")
}

func upperFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func (s *speller) declaration() string {
	var lines strings.Builder
	for _, path := range slices.Sorted(maps.Keys(s.imports)) {
		fmt.Fprintf(&lines, "\t%s %q\n", s.imports[path], path)
	}
	return "import (\n" + lines.String() + ")\n"
}
