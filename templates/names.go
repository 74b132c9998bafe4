package templates

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// scope is a set of names that mean something at one place of the generated file, within an outer scope.
type scope struct {
	outer *scope
	names map[string]bool
}

func newScope(outer *scope, names ...string) *scope {
	s := &scope{outer: outer, names: make(map[string]bool)}
	s.declare(names...)
	return s
}

// universe returns a scope of everything that Go predeclares. No name of our own choosing shadows one of these.
// Nobody declares anything in it.
var universe = sync.OnceValue(func() *scope { return newScope(nil, types.Universe.Names()...) })

func (s *scope) declare(names ...string) {
	for _, name := range names {
		s.names[name] = true
	}
}

// visible reports whether name means something in s or around it.
func (s *scope) visible(name string) bool {
	return s != nil && (s.names[name] || s.outer.visible(name))
}

// pick declares and returns a name of our own choosing: the first candidate that is free here and all around, or the
// last one with a number.
func (s *scope) pick(candidates ...string) string {
	free := func(name string) bool { return name != "_" && token.IsIdentifier(name) && !s.visible(name) }
	name := candidates[len(candidates)-1]
	if i := slices.IndexFunc(candidates, free); i >= 0 {
		name = candidates[i]
	} else {
		for i := 2; !free(name); i++ {
			name = candidates[len(candidates)-1] + strconv.Itoa(i)
		}
	}
	s.declare(name)
	return name
}

// keep declares and returns a name that the author chose. What it shadows around s is the author's business; only
// where s itself needs the name for something else does it become name+suffix.
func (s *scope) keep(name, suffix string) string {
	if s.names[name] {
		return s.pick(name + suffix)
	}
	s.declare(name)
	return name
}

// fieldName returns the name of the field that belongs to a method: deleteTopic for DeleteTopic, httpGet for HTTPGet.
func fieldName(method string) string {
	name := lowerFirst(method)
	if !token.IsIdentifier(name) { // Type, Range, Select …
		name += "Method"
	}
	return name
}

// lowerFirst lowers the first word of an identifier, an initialism as a whole.
func lowerFirst(name string) string {
	runes := []rune(name)
	for i := range runes {
		startsWord := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if !unicode.IsUpper(runes[i]) || i > 0 && startsWord {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// nameFor suggests a name for a parameter or result that has none in the source: short, and by its type.
func nameFor(t types.Type) string {
	if name := nounFor(t); token.IsIdentifier(name) && types.Universe.Lookup(name) == nil {
		return name
	}
	return "v" // a type named Type, or String
}

func nounFor(t types.Type) string {
	switch t := t.(type) {
	case *types.Alias:
		if t.Obj().Pkg() == nil { // any
			return "v"
		}
		return lastWord(t.Obj().Name())
	case *types.Named:
		return nameForNamed(t.Obj())
	case *types.TypeParam:
		return lowerFirst(t.Obj().Name())
	case *types.Pointer:
		return nounFor(t.Elem())
	case *types.Slice:
		return nameForSlice(t.Elem())
	case *types.Array:
		return nameForSlice(t.Elem())
	case *types.Map:
		return "m"
	case *types.Chan:
		return "ch"
	case *types.Signature:
		return "fn"
	case *types.Basic:
		return nameForBasic(t)
	default:
		return "v"
	}
}

func nameForNamed(obj *types.TypeName) string {
	switch path := pathOf(obj); {
	case path == "" && obj.Name() == "error":
		return "err"
	case path == "context" && obj.Name() == "Context":
		return "ctx"
	case path == "iter":
		return "seq"
	case path == "time" && (obj.Name() == "Time" || obj.Name() == "Duration"):
		return strings.ToLower(obj.Name()[:1])
	default:
		return lastWord(obj.Name())
	}
}

func nameForBasic(t *types.Basic) string {
	switch info := t.Info(); {
	case info&types.IsString != 0:
		return "s"
	case info&types.IsBoolean != 0:
		return "ok"
	case info&types.IsInteger != 0:
		return "n"
	case info&types.IsFloat != 0:
		return "f"
	default:
		return "v"
	}
}

func nameForSlice(elem types.Type) string {
	switch t := types.Unalias(elem).(type) {
	case *types.Basic:
		if t.Kind() == types.Byte {
			return "data"
		}
		return "values"
	case *types.Named, *types.Pointer, *types.TypeParam:
		return plural(nameFor(elem))
	default:
		return "values"
	}
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"):
		return noun + "es"
	case strings.HasSuffix(noun, "y") && len(noun) > 2 && !strings.ContainsAny(noun[len(noun)-2:], "aeiou"):
		return noun[:len(noun)-1] + "ies"
	default:
		return noun + "s"
	}
}

// lastWord returns the noun of a type's name: cmd for StringCmd, id for SessionID.
func lastWord(name string) string {
	runes := []rune(name)
	start := len(runes) - 1
	for start > 0 {
		current, before := runes[start], runes[start-1]
		if unicode.IsUpper(current) && !unicode.IsUpper(before) {
			break // stringCmd, sessionID
		}
		if unicode.IsUpper(current) && start+1 < len(runes) && unicode.IsLower(runes[start+1]) {
			break // HTTPClient
		}
		start--
	}
	return strings.ToLower(string(runes[start:]))
}

// pathOf returns the import path of the package that declares obj, "" for what Go predeclares.
func pathOf(obj types.Object) string {
	if obj.Pkg() == nil {
		return ""
	}
	return obj.Pkg().Path()
}
