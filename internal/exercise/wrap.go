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
	String     = string
	Int        = int
	Int64      = int64
	Uint64     = uint64
	Float64    = float64
	Byte       = byte
	Error      = error
	Any        = any
	Comparable interface{ comparable }
)

// Wrap returns a constructor as a Subject has it, with options.
func Wrap[N, W any](constructor func(*guard.HealthRegistry, N, ...guard.Option) (W, error), options ...guard.Option) func(*guard.HealthRegistry, N) (W, error) {
	return func(registry *guard.HealthRegistry, next N) (W, error) {
		return constructor(registry, next, options...)
	}
}
