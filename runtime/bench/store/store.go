// Package store is what the benchmark guards: one method, annotated in all the ways that cost something.
package store

import "context"

//go:generate go tool guardgen

// Getter is what is measured.
type Getter interface {
	// Get returns the number of an item.
	Get(ctx context.Context, id string) (int, error)
}

// Store is a client.
type Store interface {
	// Ping asks for a sign of life.
	//
	//guard:probe
	Ping(ctx context.Context) error

	Getter
}

// Plain has what a dependency has without options.
//
//guard:dependency name=plain
type Plain interface{ Store }

// Keyed names the target of each call.
//
//guard:dependency name=keyed key=item:id
type Keyed interface{ Store }

// Timed has a deadline of its own.
//
//guard:dependency name=timed timeout=2s
type Timed interface{ Store }

// Rated has a threshold that needs a record of all calls.
//
//guard:dependency name=rated threshold=60%/10s/20
type Rated interface{ Store }

// Heavy is shed when the dependency is not healthy.
//
//guard:dependency name=heavy
type Heavy interface {
	Store //guard:heavy Get
}

// Gate destroys something. Its hold is short, so that a machine on which the benchmark starves does not shut the gate for
// a minute.
//
//guard:dependency name=gate hold=1ms
type Gate interface {
	Store //guard:destructive Get key=none budget=none
}

// KeyedGate destroys what has a key.
//
//guard:dependency name=keyed-gate hold=1ms
type KeyedGate interface {
	Store //guard:destructive Get key=item:id budget=none
}

// BudgetedGate counts what it destroys; the budget is one that a benchmark does not use up.
//
//guard:dependency name=budgeted-gate hold=1ms
type BudgetedGate interface {
	Store //guard:destructive Get key=none budget=10000000/1m
}
