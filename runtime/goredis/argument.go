package goredis

import (
	"encoding"
	"net"
	"strconv"
	"time"
)

// text is what go-redis sends for an argument; false if it refuses to send it.
func text(arg any) (string, bool) {
	switch v := arg.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	case int:
		return strconv.FormatInt(int64(v), 10), true
	case int8:
		return strconv.FormatInt(int64(v), 10), true
	case int16:
		return strconv.FormatInt(int64(v), 10), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case uint:
		return strconv.FormatUint(uint64(v), 10), true
	case uint8:
		return strconv.FormatUint(uint64(v), 10), true
	case uint16:
		return strconv.FormatUint(uint64(v), 10), true
	case uint32:
		return strconv.FormatUint(uint64(v), 10), true
	case uint64:
		return strconv.FormatUint(v, 10), true
	case uintptr:
		return strconv.FormatUint(uint64(v), 10), true
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 64), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		if v {
			return "1", true
		}
		return "0", true
	case time.Time:
		return v.Format(time.RFC3339Nano), true
	case time.Duration:
		return strconv.FormatInt(v.Nanoseconds(), 10), true
	case nil:
		return "", true
	}
	return textBehind(arg)
}

// textBehind is text for what is rarely an argument: pointers, and what marshals itself.
func textBehind(arg any) (string, bool) {
	switch v := arg.(type) {
	case *string:
		return textAt(v)
	case *int:
		return textAt(v)
	case *int8:
		return textAt(v)
	case *int16:
		return textAt(v)
	case *int32:
		return textAt(v)
	case *int64:
		return textAt(v)
	case *uint:
		return textAt(v)
	case *uint8:
		return textAt(v)
	case *uint16:
		return textAt(v)
	case *uint32:
		return textAt(v)
	case *uint64:
		return textAt(v)
	case *uintptr:
		return textAt(v)
	case *float32:
		return textAt(v)
	case *float64:
		return textAt(v)
	case *bool:
		return textAt(v)
	case *time.Time:
		return textAt(v)
	case *time.Duration:
		return textAt(v)
	case encoding.BinaryMarshaler:
		b, err := v.MarshalBinary()
		return string(b), err == nil
	case net.IP:
		return string(v), true
	}
	return "", false
}

// textAt is the text of what a pointer points at: of a zero value if that is nothing.
func textAt[T any](pointer *T) (string, bool) {
	if pointer == nil {
		pointer = new(T)
	}
	return text(*pointer)
}

// integer is an argument as a number; false if it is none.
func integer(arg any) (int64, bool) {
	switch v := arg.(type) { // what go-redis itself gives; the rest allocates
	case int64:
		return v, true
	case int:
		return int64(v), true
	}
	s, ok := text(arg)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// longest is more than the length of a command's name, or of a subcommand's.
const longest = 48

// word is an argument in upper case, as the name of a command or of an option.
type word struct {
	letters [longest]byte
	length  int // 0: it is too long for a name, or is not sent
}

// wordOf reads an argument in any case.
func wordOf(arg any) (w word) {
	switch v := arg.(type) {
	case string:
		fold(&w, v)
	case []byte:
		fold(&w, v)
	default:
		if s, ok := text(arg); ok {
			fold(&w, s)
		}
	}
	return w
}

// fold puts the letters of s into w.
func fold[S string | []byte](w *word, s S) {
	if len(s) > longest {
		return
	}
	w.length = len(s)
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		w.letters[i] = c
	}
}

// bytes are the letters. They are w's own.
func (w *word) bytes() []byte { return w.letters[:w.length] }

// in reports whether w is one of words, which are in upper case.
func (w *word) in(words ...string) bool {
	for _, one := range words {
		if string(w.bytes()) == one {
			return true
		}
	}
	return false
}
