package annotations

import (
	"go/token"
	"go/types"
	"strings"
)

// parseKeys reads a list of kind:path, where a bare word is both. The position of each key is its offset in text.
func parseKeys(text string) ([]Key, *problem) {
	var keys []Key
	at := 0
	for item := range strings.SplitSeq(text, ",") {
		key, p := parseKey(item)
		if p != nil {
			return nil, p.shift(at)
		}
		for _, other := range keys {
			if other.Kind == key.Kind && other.String() == key.String() {
				return nil, problemf(at, "%s is given twice", item)
			}
		}
		key.Pos.Offset = at
		keys = append(keys, key)
		at += len(item) + 1
	}
	return keys, nil
}

func parseKey(text string) (Key, *problem) {
	kind, path, hasKind := strings.Cut(text, ":")
	at := len(kind) + 1
	if !hasKind {
		path, at = text, 0
	}
	parts := strings.Split(path, ".")
	for _, part := range parts {
		if _, p := parseIdentifier(part); p != nil {
			if text == "" {
				return Key{}, problemf(0, "empty key: write kind:path, such as session:id")
			}
			return Key{}, p.shift(at)
		}
		at += len(part) + 1
	}
	switch {
	case !hasKind && len(parts) > 1:
		last := strings.ToLower(parts[len(parts)-1])
		return Key{}, problemf(0, "a path with fields needs a kind in front: write %s:%s", last, path)
	case hasKind && !isKind(kind):
		return Key{}, problemf(0, "%q is no kind: a word of letters, digits, - and _, such as session", kind)
	case !hasKind:
		kind = path
	}
	return Key{Kind: kind, Path: parts}, nil
}

// isKind reports whether s may stand before the colon of "session:42".
func isKind(s string) bool {
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// String returns kind:path as an author writes it.
func (k Key) String() string {
	return k.Kind + ":" + strings.Join(k.Path, ".")
}

// param returns the parameter that the key's path begins with, or nil.
func (k Key) param(signature *types.Signature) *types.Var {
	for v := range signature.Params().Variables() {
		if v.Name() == k.Path[0] {
			return v
		}
	}
	return nil
}

// follow walks the fields of the path from param on. It returns the key as that parameter carries it, or what is in
// the way. The package is the one that the generated code belongs to.
func (k Key) follow(param *types.Var, variadic bool, pkg *types.Package) (Key, string) {
	k.Pointer = false
	at := param.Type()
	for i, name := range k.Path[1:] {
		if variadic && i == 0 {
			return k, param.Name() + " is variadic: a key can be the list itself, not a field of its elements"
		}
		object, _, indirect := types.LookupFieldOrMethod(at, true, pkg, name)
		switch object := object.(type) {
		case *types.Var:
			k.Pointer = k.Pointer || indirect || isPointer(at)
			at = object.Type()
		case *types.Func:
			return k, name + " of " + strings.Join(k.Path[:i+1], ".") + " is a method: a key is a path of fields"
		default:
			where := strings.Join(k.Path[:i+1], ".") + " (" + typeString(at, pkg) + ")"
			return k, where + " has no field " + name + ": " + suggestion(name, fieldNames(at, pkg))
		}
	}
	if !canName(at) {
		return k, strings.Join(k.Path, ".") + " is of type " + typeString(at, pkg) +
			": a key is a string, an integer, a []byte, a fmt.Stringer, or a slice of these"
	}
	return k, ""
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// fieldNames returns the fields of t that pkg may select, promoted ones left out.
func fieldNames(t types.Type, pkg *types.Package) (names []string) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for field := range s.Fields() {
		if field.Exported() || field.Pkg() == pkg {
			names = append(names, field.Name())
		}
	}
	return names
}

var bytesType = types.NewSlice(types.Typ[types.Byte])

// canName reports whether a value of type t can name a target. An interface or a type parameter may hold such a value,
// but a context or an error never does.
func canName(t types.Type) bool {
	if isContext(t) || isError(t) {
		return false
	}
	if hasMethod(t, "String", returnsString) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsString|types.IsInteger) != 0
	case *types.Slice:
		if isByte(u.Elem()) {
			return types.Identical(t, bytesType) // another slice of bytes would make a key of each byte
		}
		return canName(u.Elem())
	case *types.Interface:
		return true
	}
	return false
}

func isByte(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Byte
}

// returnsString reports whether s is func() string.
func returnsString(s *types.Signature) bool {
	return s.Params().Len() == 0 && s.Results().Len() == 1 && types.Identical(s.Results().At(0).Type(), types.Typ[types.String])
}

// placed returns keys with their positions in the source; option is the word that they were read from.
func placed(report *reporter, keys []Key, option word) []Key {
	list := make([]Key, len(keys))
	for i, key := range keys {
		key.Pos = report.position(option.valuePos + token.Pos(key.Pos.Offset))
		list[i] = key
	}
	return list
}

// posIn undoes placed: where the key stands in the file set.
func (k Key) posIn(report *reporter, option word) token.Pos {
	return option.valuePos + token.Pos(k.Pos.Offset-report.position(option.valuePos).Offset)
}
