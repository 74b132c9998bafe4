package random

import (
	"math/rand/v2"
	"slices"
	"strconv"
)

// rng draws from lists. The same seed draws the same.
type rng struct{ *rand.Rand }

func newRNG(seed uint64) rng { return rng{rand.New(rand.NewPCG(seed, 0x67756172646765))} }

// one reports true in percent of a hundred cases.
func (r rng) one(percent int) bool { return r.IntN(100) < percent }

func pick[T any](r rng, list ...T) T { return list[r.IntN(len(list))] }

// Names that meet what a wrapper is made of: its imports, its locals, its receiver, the words of Go.
var (
	generatedNames = []string{
		"ctx", "err", "g", "call", "attempt", "next", "wrapped", "guarded", "registry", "options", "wrapper", "probe",
		"guard", "context", "time", "unsafe", "runtime", "stdcontext", "runtimeguard", "guard2", "ctx2", "call2", "attempt2", "err2",
		"v", "s", "n", "m", "ch", "fn", "ok", "t", "d", "f", "data", "values", "b", "a", "T", "K", "V", "P", "T2", "TT", "vT", "v2",
		"ctxArg", "errResult", "gArg", "callArg", "guardArg", "items", "item", "box", "cmd", "fault", "kind", "id", "pair",
	}
	functionNames = []string{"append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "max", "min",
		"panic", "print", "println", "real", "recover", "make"}
	typeWords = []string{"bool", "byte", "complex128", "complex64", "float32", "float64", "int", "int8", "int16", "int32",
		"int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "comparable"}
	vitalWords  = []string{"any", "error", "new", "nil", "true"}
	plainNames  = []string{"a", "b", "key", "name", "limit", "body", "from", "to", "x", "y", "größe", "naïve", "имя", "_x", "x_", "x1", "URL", "ID"}
	methodNames = []string{
		"Get", "Put", "Do", "List", "Next", "Call", "Method", "Type", "Range", "Func", "Select", "Begin", "Ask", "String", "Err", "SetErr",
		"Context", "Guard", "Close", "Delete", "Flush", "Endpoint", "Wrapped", "Settle", "Succeeded", "Admitted", "HTTPGet", "GetURL", "X", "Ping",
		"Größe", "Ω", "Import", "Package", "Interface", "Map", "Chan", "Nil", "True", "Int", "New", "Len", "Any", "Error", "Init", "Main", "CallMethod",
		"get", "do", "next", "wrapped", "call", "attempt", "method", "g", "ctx", "typeMethod", "getMethod", "guard", "context", "string", "error",
		"any", "new", "nil", "init", "main", "len", "getMethod2", "next2", "wrapped2", "ключ",
	}
)

// parameterName draws a name for a parameter or a result, "_" now and then.
func (r rng) parameterName() string {
	switch n := r.IntN(100); {
	case n < 8:
		return "_"
	case n < 45:
		return pick(r, plainNames...)
	case n < 82:
		return pick(r, generatedNames...)
	case n < 88:
		return pick(r, functionNames...)
	case n < 94:
		return pick(r, typeWords...)
	default:
		return pick(r, vitalWords...)
	}
}

// unused returns draw's first result that taken does not hold, and puts it there.
func unused(taken map[string]bool, draw func() string) string {
	name := draw()
	for i := 0; name != "_" && taken[name]; i++ {
		name = draw()
		if i > 20 {
			name += strconv.Itoa(i)
		}
	}
	taken[name] = true
	return name
}

func (r rng) shuffled(list []string) []string {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
