// Package unsupported holds types that have no wrapper.
package unsupported

import (
	"bytes"
	"context"
)

//guard:dependency
type Struct struct{} // want "Struct is a struct without exported methods, so that there is nothing to guard: annotate the type that makes the calls"

//guard:dependency
type Func func() // want "Func is neither an interface nor a struct, and only these have a wrapper: annotate an interface with the methods"

//guard:dependency
type Pointer = *bytes.Buffer // want "Pointer stands for a pointer: annotate what it points to, as in type Pointer = bytes.Buffer"

//guard:dependency
type Empty interface{} // want "Empty has no methods, so that there is nothing to guard: declare some, or remove //guard:dependency"

//guard:dependency
type Constraint interface { // want "Constraint is a constraint: no value has its type, so that there is nothing to guard: annotate an interface of methods only"
	~int | ~string
	//guard:heavy
	F() error
}

//guard:dependency
type Comparable interface { // want "Comparable is a constraint: no value has its type, so that there is nothing to guard: remove comparable from it"
	comparable
	F() error
}

//guard:dependency
type Defined bytes.Buffer // want "Defined is defined by bytes.Buffer and has none of its methods, so that there is nothing to guard: write type Defined = bytes.Buffer"

//guard:dependency
type _ interface{ F() error } // want "a type named _ has no wrapper: name it"

/* want "//guard:dependency has no effect here: Names is neither" */ //guard:dependency
type (
	Names []string
)

//guard:dependency
type Invalid interface {
	F(ctx context.Context, x Undefined) error // want "undefined: Undefined"
	G(ctx context.Context) error
	G(ctx context.Context) error // want "duplicate method G"
}
