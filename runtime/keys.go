package guard

import (
	"fmt"
	"reflect"
)

// Keys makes the keys of a call from pairs of a kind and a value: Keys("session", 42) is ["session:42"]. Kinds are
// shared by all dependencies of a registry, so that the API and Redis speak of the same session.
//
// A value is printed as [fmt.Sprint] does, a []byte as text. A slice or an array makes a key of each element. A
// func() any is called, and makes no key if it panics; guardgen writes one where a path leads through a pointer.
func Keys(pairs ...any) []string {
	keys := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		keys = appendKeys(keys, fmt.Sprint(pairs[i])+":", pairs[i+1])
	}
	return keys
}

func appendKeys(keys []string, prefix string, value any) []string {
	switch v := value.(type) {
	case nil:
		return keys
	case string:
		return append(keys, prefix+v)
	case []byte:
		return append(keys, prefix+string(v))
	case func() any:
		return appendKeys(keys, prefix, read(v))
	case fmt.Stringer, error:
		return append(keys, prefix+fmt.Sprint(v))
	}
	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice || list.Kind() == reflect.Array {
		for i := range list.Len() {
			keys = appendKeys(keys, prefix, list.Index(i).Interface())
		}
		return keys
	}
	return append(keys, prefix+fmt.Sprint(value))
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
