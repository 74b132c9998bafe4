// Package spelling holds comments that look like directives and are none. It goes through the guard: no report here.
package spelling

import (
	"context"

	"github.com/guardgen/guardgen/annotations/testdata/src/spelling/lib"
)

//guard:dependency name=near
/* want "not a directive as it is spelt: write //guard:heavy, in a line comment of its own" */ // @guard:heavy N
type Near interface {
	/* want "not a directive as it is spelt: write //guard:destructive, in lower case" */ ///guard:destructive
	A(ctx context.Context) error
	/* want "not a directive as it is spelt: write //guard:destructive, in a line comment of its own" */ //guard destructive
	B(ctx context.Context) error
	/* want "write //guard:destructive, in a line comment" */ //guard.destructive
	C(ctx context.Context) error
	/* want "write //guard:destructive, in a line comment" */ //gaurd:destructive
	D(ctx context.Context) error
	/* want "write //guard:destructive, in a line comment" */ // @guard:destructive
	E(ctx context.Context) error
	F(ctx context.Context) error /* want "write //guard:destructive, in a line comment" */ // deletes //guard:destructive
	/* want "write //guard:destructive, in a line comment" */ // G deletes. //guard:destructive
	G(ctx context.Context) error
	/* H deletes.
	   guard:destructive */ // want "write //guard:destructive, in a line comment"
	H(ctx context.Context) error
	/* want "write //guard:destructive, in lower case" */ // guard:destructive
	I(ctx context.Context) error
	/* want "write //guard:heavy, in a line comment" */ // guard heavy
	J(ctx context.Context) error
	/* want "write //guard: and one of dependency, destructive" */ // see //guard:wibble
	K(ctx context.Context) error
	// L goes through guard.Call, and the guard: it is a safeguard:heavy one. The guard skips nothing.
	/* want "write //guard: and one of dependency, destructive" */ // Guard: empty input is refused.
	L(ctx context.Context) error
	/* want "write //guard:skip, in a line comment" */ // Guards:skip
	M(ctx context.Context) error
	N(ctx context.Context) error
}

//guard:dependency name=embedding
type Embedding interface {
	lib.Store
}

// Guard: empty input is prose, and so is every gaurd:heavy and guard.heavy outside of annotated interfaces.
type Prose interface {
	// Guard: nothing here is annotated.
	F() error
}

/* want "not a directive as it is spelt: write //guard:heavy" */ ///guard:heavy
type Elsewhere struct{}

// Guard against empty input: //guard:heavy is only quoted here.
func f() {
	// guard: if the input is empty, there is nothing to do
}
