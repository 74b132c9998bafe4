package exercise

import (
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// What a written test needs, under names that no package gives another meaning.
type (
	Methods   = map[string]any
	Names     = []string
	Lists     = map[string][]string
	Durations = map[string]time.Duration

	Bool       = bool
	Byte       = byte
	Rune       = rune
	String     = string
	Int        = int
	Int8       = int8
	Int16      = int16
	Int32      = int32
	Int64      = int64
	Uint       = uint
	Uint8      = uint8
	Uint16     = uint16
	Uint32     = uint32
	Uint64     = uint64
	Uintptr    = uintptr
	Float32    = float32
	Float64    = float64
	Complex64  = complex64
	Complex128 = complex128
	Error      = error
	Any        = any
	Comparable interface{ comparable }
)

// WrapAny is Wrap for a Subject of any.
func WrapAny[N, W any](constructor func(*guard.HealthRegistry, N, ...guard.Option) (W, error), options ...guard.Option) func(*guard.HealthRegistry, any) (W, error) {
	return func(registry *guard.HealthRegistry, next any) (W, error) {
		return constructor(registry, next.(N), options...)
	}
}

// Wrap returns a constructor as a Subject has it, with options.
func Wrap[N, W any](constructor func(*guard.HealthRegistry, N, ...guard.Option) (W, error), options ...guard.Option) func(*guard.HealthRegistry, N) (W, error) {
	return func(registry *guard.HealthRegistry, next N) (W, error) {
		return constructor(registry, next, options...)
	}
}
