// Package behind has results that are told their error by methods from what they embed.
package behind

import "context"

type base struct{ err error }

// SetErr sets.
func (b *base) SetErr(err error) { b.err = err }

// Err gets.
func (b *base) Err() error { return b.err }

// Inside embeds by value, at any depth.
type Inside struct{ middle }

type middle struct{ base }

// Behind is told its error by what a pointer points to, which is nil in a new one.
type Behind struct{ *base }

// Deep has the pointer further inside.
type Deep struct{ Behind }

// Any embeds an interface.
type Any struct{ teller }

type teller interface {
	SetErr(error)
	Err() error
}

// Client has them all.
//
/* want "warning: results that carry their error, such as that of A" */ //guard:dependency optional
type Client interface {
	A(ctx context.Context) *Inside
	B(ctx context.Context) *Behind // want "warning: reports no error and passes unguarded: B"
	C(ctx context.Context) *Deep   // want "warning: reports no error and passes unguarded: C"
	D(ctx context.Context) *Any    // want "warning: reports no error and passes unguarded: D"
}
