package guard

import (
	"fmt"
	"reflect"
	"strings"
)

// unknownName is the name in a key that could not be read. Nothing tells what such a key is about, so the gate denies it.
const unknownName = "?"

// Keys makes the keys of a call from pairs of a kind and a value: Keys("session", 42) is ["session:42"]. Kinds are
// shared by all dependencies of a registry, so that the API and Redis speak of the same session.
//
// A value is printed as [fmt.Sprint] does; pointers are followed, bytes are text. A slice or an array makes a key of each
// element. A func() any is called; guardgen writes one where a path leads through a pointer. A value that cannot be read,
// because it is nil or the function panics, makes the key "session:?", which the gate denies; a value that is "?" makes
// "session:\?".
func Keys(pairs ...any) []string {
	keys := make([]string, 0, (len(pairs)+1)/2)
	for i := 0; i < len(pairs); i += 2 {
		kind, ok := pairs[i].(string)
		if !ok {
			kind = fmt.Sprint(pairs[i])
		}
		if i+1 == len(pairs) {
			return append(keys, kind+":"+unknownName)
		}
		if name, ok := pairs[i+1].(string); ok { // nearly all
			keys = append(keys, kind+":"+readable(name))
		} else {
			keys = appendKeys(keys, kind+":", pairs[i+1])
		}
	}
	return keys
}

func appendKeys(keys []string, prefix string, value any) []string {
	switch v := value.(type) {
	case string:
		return append(keys, prefix+readable(v))
	case func() any:
		return appendKeys(keys, prefix, read(v))
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return append(keys, prefix+unknownName)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(keys, prefix+unknownName)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return append(keys, prefix+readable(fmt.Sprintf("%s", value)))
		}
	}
	switch value.(type) {
	case fmt.Stringer, error:
		return append(keys, prefix+readable(fmt.Sprint(value)))
	}
	switch v.Kind() {
	case reflect.Pointer:
		return appendKeys(keys, prefix, v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			keys = appendKeys(keys, prefix, v.Index(i).Interface())
		}
		return keys
	}
	return append(keys, prefix+readable(fmt.Sprint(value)))
}

// readable writes a name that looks like one which could not be read in another way: whoever may choose names must not shut
// the gate for all of a kind.
func readable(name string) string {
	if name == unknownName || strings.HasSuffix(name, ":"+unknownName) {
		return strings.TrimSuffix(name, unknownName) + `\` + unknownName
	}
	return name
}

// read calls f, and returns nil if it panics on its way through a nil pointer.
func read(f func() any) (value any) {
	defer func() {
		if recover() != nil {
			value = nil
		}
	}()
	return f()
}

// keyKind returns the kind of a key.
func keyKind(key string) string {
	kind, _, _ := strings.Cut(key, ":")
	return kind
}

// unreadable returns the first of keys that could not be read, or "".
func unreadable(keys []string) string {
	for _, key := range keys {
		if isUnreadable(key) {
			return key
		}
	}
	return ""
}

// isUnreadable reports whether a key could not be read.
func isUnreadable(key string) bool { return strings.HasSuffix(key, ":"+unknownName) }
