// Package generic is a golden for type parameters: constraints of every kind, an instantiated embedded interface, and a
// type parameter with the name of a declaration.
package generic

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

// Number is what can be added.
type Number interface{ ~int | ~float64 }

// Text is what labels are made of.
type Text interface{ ~string }

// PointerTo is where a number goes.
type PointerTo[N any] interface{ *N }

// Page is a part of a list.
type Page[V any] struct{ Items []V }

// Label is a type that a type parameter hides.
type Label string

// Store keeps values of one type.
//
//guard:dependency name=store key=store:key
type Store[K comparable, V any] interface {
	//guard:probe
	Ping(ctx context.Context) error

	Get(ctx context.Context, key K) (V, error)
	List(ctx context.Context, keys ...K) (map[K]*Page[V], error)

	//guard:destructive budget=10/1m
	Delete(ctx context.Context, key K) error
}

// Counter counts under labels.
//
//guard:dependency name=counter
type Counter[Label Text, N Number, P PointerTo[N]] interface {
	labeled

	//guard:probe
	Ping(ctx context.Context) error

	Add(ctx context.Context, label Label, n N, into P) (N, error)
}

type labeled interface {
	Labels(ctx context.Context) ([]Label, error)
}

// Names is a Store of one kind.
//
//guard:dependency name=names wrapper=SafeNames
type Names interface {
	Store[string, []Label]
}

// table is generic and not exported.
//
//guard:dependency name=table
type table[R any] interface {
	//guard:probe
	Ping(ctx context.Context) error

	Row(ctx context.Context, id int) (R, error)
}

// NewTable returns next behind its guard.
func NewTable[R any](registry *guard.HealthRegistry, next table[R]) (table[R], error) {
	return newGuardedTable(registry, next)
}
