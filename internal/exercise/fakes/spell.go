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
	pos, tok, literal := scan.Scan()
	for tok != token.EOF {
		at, word := file.Offset(pos), literal
		last := tok
		pos, tok, literal = scan.Scan()
		if last == token.IDENT && before != token.PERIOD && endsType(tok) && types.Universe.Lookup(word) != nil && s.pkg.Scope().Lookup(word) != nil {
			out.WriteString(text[end:at] + s.imported(exercisePath, "exercise") + "." + upperFirst(word))
			end = at + len(word)
		}
		before = last
	}
	return strings.ReplaceAll(out.String()+text[end:], own+".", "")
}

// endsType reports whether a word before the token is a type, and not the name of a field, a method or a parameter.
func endsType(tok token.Token) bool {
	switch tok {
	case token.EOF, token.SEMICOLON, token.COMMA, token.RPAREN, token.RBRACK, token.RBRACE, token.STRING, token.OR:
		return true
	}
	return false
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
