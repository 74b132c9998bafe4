package annotations

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The directives, and in which order messages list them.
var directiveNames = []string{"dependency", "destructive", "heavy", "probe", "call", "safe", "skip"}

const dependencyDirective = "//guard:dependency"

var dependencyLine = regexp.MustCompile(`(?m)^\s*` + dependencyDirective + `\b`)

// IsAnnotated reports whether a file with this text may have annotated types, without parsing it: a line in a raw string is
// taken for a directive, too.
func IsAnnotated(text []byte) bool {
	return bytes.Contains(text, []byte(dependencyDirective)) && dependencyLine.Match(text) // nearly no file has it
}

// directive is one //guard: comment, split but not yet interpreted.
type directive struct {
	name    string
	comment *ast.Comment
	namePos token.Pos
	words   []word
}

// pos is where the comment begins.
func (d *directive) pos() token.Pos { return d.comment.Slash }

// text is how messages call the directive.
func (d *directive) text() string { return "//guard:" + d.name }

// find returns the first directive of that name, nil without one.
func find(list []*directive, name string) *directive {
	i := slices.IndexFunc(list, func(d *directive) bool { return d.name == name })
	if i < 0 {
		return nil
	}
	return list[i]
}

// word is one argument of a directive: a bare word, or name=value.
type word struct {
	pos      token.Pos
	name     string    // the whole of a bare word
	value    string    // without quotes
	valuePos token.Pos // where the first byte of value stands
	hasValue bool      // there is a "="
	quoted   bool      // the value is, so that it may be empty on purpose
}

// meant matches what somebody meant as a directive, however it is spelt, and prose that begins in the same way.
var meant = regexp.MustCompile(`^(?:/{2,}|/\*)[\s\p{Z}]*(?i:guard)[\s\p{Z}]*:[\s\p{Z}]*([^\s\p{Z}*]*)`)

// parseDirective reads a comment. It returns nil for a comment that is none of ours, and nil after reporting for one
// that means to be and is not; ours says which. "// Guard: empty input" is prose, because no directive has a name like
// its first word. Every position reported lies inside the comment.
func parseDirective(report *reporter, comment *ast.Comment) (d *directive, ours bool) {
	match := meant.FindStringSubmatchIndex(comment.Text)
	if match == nil {
		return nil, false
	}
	said := comment.Text[match[2]:match[3]]
	shape, ok := ast.ParseDirective(comment.Slash, comment.Text)
	if !ok || shape.Tool != "guard" {
		if _, near := near(said, directiveNames); !near && comment.Text != "//guard:" {
			return nil, false
		}
		reportMalformed(report, comment, said)
		return nil, true
	}
	namePos := comment.Slash + token.Pos(len("//guard:"))
	if !slices.Contains(directiveNames, shape.Name) {
		report.errorf(namePos, "unknown directive //guard:%s: %s", shape.Name, suggestion(shape.Name, directiveNames))
		return nil, true
	}
	words, ok := splitWords(report, shape.ArgsPos, shape.Args)
	if !ok {
		return nil, true
	}
	return &directive{name: shape.Name, comment: comment, namePos: namePos, words: words}, true
}

// reportMalformed says what keeps a comment from being a directive.
func reportMalformed(report *reporter, comment *ast.Comment, said string) {
	name, isNear := near(said, directiveNames)
	switch {
	case !isNear:
		report.errorf(comment.Slash, "//guard:%s names no directive: write one of %s, or reword the comment", said, enumerate(directiveNames))
	case strings.HasPrefix(comment.Text, "/*"):
		report.errorf(comment.Slash, "a directive is a line comment: write //guard:%s, or reword the comment", name)
	default:
		report.errorf(comment.Slash, "not a directive as it is spelt: write //guard:%s, in lower case and without blanks, or reword the comment", name)
	}
}

// splitWords splits the arguments of a directive at blanks. A value may stand in double quotes, key="two words", and
// has no escapes then, so that each byte of it stands where the source has it.
func splitWords(report *reporter, pos token.Pos, text string) (words []word, ok bool) {
	ok = true
	for i := 0; i < len(text); {
		if r, size := utf8.DecodeRuneInString(text[i:]); unicode.IsSpace(r) {
			i += size
			continue
		}
		end, good := wordEnd(report, pos, text, i)
		if !good {
			return nil, false
		}
		w := newWord(pos+token.Pos(i), text[i:end])
		if strings.HasPrefix(w.name, "//") || strings.HasPrefix(w.name, "/*") {
			report.errorf(w.pos, "a directive has its comment to itself: put what follows here on a line of its own above")
			return nil, false
		}
		if len(words) > 0 && isSplit(words[len(words)-1], w) {
			report.errorf(w.pos, "no blank stands around an equals sign: write %s=value", cmp.Or(words[len(words)-1].name, "name"))
			return nil, false
		}
		words = append(words, w)
		i = end
	}
	return words, ok
}

// isSplit reports whether two words were meant as one, with blanks around its equals sign: name = redis, name= redis.
func isSplit(first, second word) bool {
	return second.hasValue && second.name == "" || first.hasValue && first.value == "" && !first.quoted && !second.hasValue
}

// wordEnd returns where the word that begins at start ends.
func wordEnd(report *reporter, pos token.Pos, text string, start int) (end int, ok bool) {
	for i := start; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r):
			return i, true
		case r == '"' && (i == start || text[i-1] != '='):
			report.errorf(pos+token.Pos(i), `unexpected quote: only a value is quoted, as a whole: key="two words"`)
			return 0, false
		case r == '"':
			length := strings.IndexByte(text[i+1:], '"')
			if length < 0 {
				report.errorf(pos+token.Pos(i), "quote without its end")
				return 0, false
			}
			end := i + 1 + length + 1
			if end < len(text) {
				if next, _ := utf8.DecodeRuneInString(text[end:]); !unicode.IsSpace(next) {
					report.errorf(pos+token.Pos(end), "a blank must follow the quoted value")
					return 0, false
				}
			}
			return end, true
		}
		i += size
	}
	return len(text), true
}

func newWord(pos token.Pos, text string) word {
	name, value, hasValue := strings.Cut(text, "=")
	w := word{pos: pos, name: name, value: value, hasValue: hasValue, valuePos: pos}
	if !hasValue {
		return w
	}
	w.valuePos = pos + token.Pos(len(name)+1)
	if strings.HasPrefix(value, `"`) {
		w.value, w.quoted = value[1:len(value)-1], true
		w.valuePos++
	}
	return w
}
