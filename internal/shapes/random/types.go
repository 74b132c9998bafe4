package random

import (
	"strconv"
	"strings"
)

// A typ is a type as it is written in its scope.
type typ struct {
	text       string
	comparable bool
	role       role
	outlives   bool   // it may be in use when the call has returned
	maker      string // of a custom error: a function that makes one of any error
}

// role is what a type is to the guard where it is a parameter or a result of its own.
type role uint8

const (
	plain role = iota
	isError
	isCarrier
	isContext
	isForeignContext
	isCustomError // a type of its own that implements error
	isFailure     // an interface that stands for error
	isErrorSeq    // iter.Seq2[T, error]
)

// value draws a type that is neither an error nor a context nor a carrier.
func (s *scope) value(depth int) typ {
	return until(s, func() (typ, bool) {
		t := s.any(depth)
		return t, t.role == plain
	})
}

// any draws a type.
func (s *scope) any(depth int) typ {
	t := until(s, func() (typ, bool) {
		if depth <= 0 || s.one(30) {
			return s.flat()
		}
		return s.nested(depth - 1), true
	})
	if s.one(3) && t.role == plain {
		t.text = "(" + t.text + ")"
	}
	return t
}

// flat draws a type that has a name.
func (s *scope) flat() (t typ, ok bool) {
	t.comparable = true
	switch n := s.IntN(100); {
	case n < 28:
		t.text, ok = s.word("bool", "byte", "complex128", "complex64", "float32", "float64", "int", "int8", "int64", "rune", "string", "string", "uint", "uint8", "uintptr")
	case n < 33:
		t.text, ok = s.word("any")
	case n < 36:
		t.text, ok = s.word("error")
		t.role, t.outlives = isError, false
	case n < 48 && len(s.params) > 0:
		p := pick(s.rng, s.params...)
		t.text, t.comparable, t.outlives, ok = p.name, p.comparable, true, true
	case n < 52:
		t.text, ok = s.of("time", pick(s.rng, "Time", "Duration", "Month"))
	case n < 56:
		t.text, ok = s.of("io", pick(s.rng, "Reader", "ReadCloser", "Writer"))
		t.outlives = true
	case n < 59:
		t.text, ok = s.of(pick(s.rng, "text/template", "html/template"), pick(s.rng, "FuncMap", "Template"))
		t.comparable, t.outlives = false, true
	case n < 61:
		t.text, ok = s.of(pick(s.rng, "math/rand", "math/rand/v2"), "Zipf")
		t.comparable, t.outlives = false, true
	case n < 64:
		t.text, ok = s.of("unsafe", "Pointer")
	case n < 67:
		t.text, ok = s.of("net/url", pick(s.rng, "URL", "Values"))
		t.comparable = false
	case n < 69:
		t.text, ok = s.of("fmt", "Stringer")
		t.outlives = true
	case n < 70:
		t.text, ok = s.of("sync", "Mutex")
		t.comparable, t.text = false, "*"+t.text
	default:
		thing := pick(s.rng, "Item", "ID", "Kind", "Text", "Fn", "Failure", "Err", "Errno", "Ctx", "MyCtx", "Fault", "Cmd")
		h := pick(s.rng, s.file.pkg.helpers...)
		t.text, ok = s.helpedBy(h, thing)
		if thing == "Failure" || thing == "Errno" || thing == "Fault" {
			t.maker, _ = s.helpedBy(h, "New"+thing)
		}
		switch thing {
		case "Fn":
			t.comparable, t.outlives = false, true
		case "Failure", "Errno":
			t.role = isCustomError
		case "Err":
			t.role = isError
		case "Ctx":
			t.role, t.outlives = isContext, true
		case "MyCtx":
			t.role, t.outlives = isForeignContext, true
		case "Fault":
			t.text, t.role = "*"+t.text, isCustomError
		case "Cmd":
			t.text, t.role, t.outlives = "*"+t.text, isCarrier, true
		}
	}
	return t, ok
}

// nested draws a type that is made of others.
func (s *scope) nested(depth int) typ {
	switch s.IntN(13) {
	case 0:
		return typ{text: "*" + s.operand(s.value(depth)), comparable: true, outlives: true}
	case 1, 2:
		return typ{text: "[]" + s.operand(s.any(depth)), outlives: true}
	case 3:
		elem := s.any(depth)
		return typ{text: "[" + s.length() + "]" + s.operand(elem), comparable: elem.comparable, outlives: true}
	case 4, 5:
		return typ{text: "map[" + s.key(depth).text + "]" + s.operand(s.any(depth)), outlives: true}
	case 6:
		return s.channel(depth)
	case 7:
		return typ{text: "func" + s.signature(depth), outlives: true}
	case 8:
		return s.structure(depth)
	case 9:
		return s.iface(depth)
	default:
		return s.instance(depth)
	}
}

// operand is a type behind an operator, in parentheses now and then.
func (s *scope) operand(t typ) string {
	if s.one(5) {
		return "(" + t.text + ")"
	}
	return t.text
}

func (s *scope) length() string {
	switch s.IntN(7) {
	case 0:
		if text, ok := s.helped("Size"); ok {
			return text
		}
	case 1:
		return "1 << 2"
	case 2:
		if word, ok := s.word("len"); ok && !s.file.names("len") {
			return word + `("four")`
		}
	case 3:
		return "'a' - 'A'"
	case 4:
		return "0"
	}
	return strconv.Itoa(1 + s.IntN(9))
}

// names reports whether the file gives that name to an import.
func (f *file) names(name string) bool {
	for _, alias := range f.alias {
		if alias == name {
			return true
		}
	}
	return false
}

// key draws the type of a map's keys.
func (s *scope) key(depth int) typ {
	return until(s, func() (typ, bool) {
		t := s.any(depth)
		return t, t.comparable
	})
}

func (s *scope) channel(depth int) typ {
	elem := s.any(depth).text
	if strings.HasPrefix(elem, "<-") {
		elem = "(" + elem + ")"
	}
	return typ{text: pick(s.rng, "chan ", "<-chan ", "chan<- ") + elem, comparable: true, outlives: true}
}

// signature draws parameters and results, all with a name or none.
func (s *scope) signature(depth int) string {
	var b strings.Builder
	b.WriteString("(")
	named, taken := s.one(40), make(map[string]bool)
	count := s.IntN(3)
	for i := range count {
		if i > 0 {
			b.WriteString(", ")
		}
		if named {
			b.WriteString(unused(taken, s.parameterName) + " ")
		}
		if i == count-1 && s.one(25) {
			b.WriteString("...")
		}
		b.WriteString(s.any(depth).text)
	}
	b.WriteString(")")
	switch s.IntN(4) {
	case 0:
	case 1:
		b.WriteString(" " + s.any(depth).text)
	default:
		b.WriteString(" (")
		named := s.one(40)
		for i := range 1 + s.IntN(2) {
			if i > 0 {
				b.WriteString(", ")
			}
			if named {
				b.WriteString(unused(taken, s.parameterName) + " ")
			}
			b.WriteString(s.any(depth).text)
		}
		b.WriteString(")")
	}
	return b.String()
}

// structure draws an anonymous struct: fields with tags, unexported, embedded, blank.
func (s *scope) structure(depth int) typ {
	t := typ{comparable: true, outlives: true}
	var fields []string
	taken := make(map[string]bool)
	for range s.IntN(4) {
		name := pick(s.rng, "A", "B", "id", "next", "_", "err", "X", "string", "Größe", "ctx", "any")
		if name != "_" && taken[name] {
			continue
		}
		taken[name] = true
		field := s.any(depth)
		t.comparable = t.comparable && field.comparable
		fields = append(fields, name+" "+field.text+s.tag())
	}
	if s.one(30) && !taken["Item"] && !taken["item"] {
		if name, ok := s.helped("Item"); ok {
			fields = append(fields, pick(s.rng, "", "*")+name+s.tag())
		}
	}
	t.text = "struct{ " + strings.Join(fields, "; ") + " }"
	return t
}

func (s *scope) tag() string {
	if !s.one(25) {
		return ""
	}
	return pick(s.rng, " `json:\"a,omitempty\"`", ` "plain"`, " `json:\"b\" xml:\"c\"`", ` "with\x60backquote"`, ` "tab\tand \"quotes\" \u00e9"`)
}

// iface draws an anonymous interface.
func (s *scope) iface(depth int) typ {
	var members []string
	taken := make(map[string]bool)
	for range s.IntN(3) {
		name := pick(s.rng, "A", "B", "get", "Next", "Do", "context", "len")
		if taken[name] {
			continue
		}
		taken[name] = true
		members = append(members, name+s.signature(depth))
	}
	if s.one(25) {
		if text, ok := s.word("error"); ok {
			members = append(members, text)
		}
	}
	if s.one(25) {
		if text, ok := s.of("fmt", "Stringer"); ok {
			members = append(members, text)
		}
	}
	t := typ{text: "interface{ " + strings.Join(members, "; ") + " }", comparable: true, outlives: true}
	for _, m := range members {
		if m == "error" && len(members) == 1 {
			t.role = isFailure
		} else if m == "error" {
			t.role = isCustomError
		}
	}
	return t
}

// instance draws an instantiated type, or a generic alias.
func (s *scope) instance(depth int) typ {
	return until(s, func() (typ, bool) {
		thing := pick(s.rng, "List", "Box", "Pair", "Set", "Opt", "Sum", "Row", "Of", "Many", "Seq", "iter.Seq", "iter.Seq2")
		if strings.HasPrefix(thing, "iter.") {
			if text, ok := s.of("iter", strings.TrimPrefix(thing, "iter.")); ok {
				return s.sequence(text, thing == "iter.Seq2", depth), true
			}
			return typ{}, false
		}
		text, ok := s.helped(thing)
		if !ok {
			return typ{}, false
		}
		switch thing {
		case "List":
			return typ{text: text + "[" + s.any(depth).text + "]", outlives: true}, true
		case "Box":
			elem := s.any(depth)
			return typ{text: text + "[" + elem.text + "]", comparable: elem.comparable, outlives: true}, true
		case "Opt":
			return typ{text: text + "[" + s.any(depth).text + "]", comparable: true, outlives: true}, true
		case "Row":
			return typ{text: text + "[" + s.any(depth).text + "]", outlives: true}, true
		case "Pair":
			key, elem := s.key(depth), s.any(depth)
			return typ{text: text + "[" + key.text + ", " + elem.text + "]", comparable: elem.comparable, outlives: true}, true
		case "Set":
			return typ{text: text + "[" + s.key(depth).text + "]", outlives: true}, true
		case "Sum":
			if number, ok := s.helped("Kind"); ok {
				return typ{text: text + "[" + number + "]", comparable: true}, true
			}
		case "Of":
			return typ{text: "*" + text + "[" + s.any(depth).text + "]", comparable: true, role: isCarrier, outlives: true}, true
		case "Many":
			return typ{text: "*" + text + "[" + s.key(depth).text + ", " + s.any(depth).text + "]", comparable: true, outlives: true}, true // a new one cannot be told its error
		case "Seq":
			return typ{text: text + "[" + s.any(depth).text + "]", role: isErrorSeq, outlives: true}, true
		}
		return typ{}, false
	})
}

func (s *scope) sequence(text string, pairs bool, depth int) typ {
	first := s.any(depth)
	if !pairs {
		return typ{text: text + "[" + first.text + "]", outlives: true}
	}
	second := s.any(depth)
	t := typ{text: text + "[" + first.text + ", " + second.text + "]", outlives: true}
	if second.role == isError {
		t.role = isErrorSeq
	}
	return t
}
