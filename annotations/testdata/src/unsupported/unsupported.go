// Package unsupported holds types that have no wrapper.
package unsupported

import (
	"context"
	"io"
)

/* want "//guard:dependency has no effect here: Struct is a struct, and wrappers of structs are not supported yet: annotate an interface that it implements" */ //guard:dependency
type Struct struct{}

/* want "//guard:dependency has no effect here: Alias is an alias: annotate the interface itself" */ //guard:dependency
type Alias = interface {
	//guard:heavy
	F() error
}

/* want "Other is declared by another type, which is not supported yet: write type Other interface" */ //guard:dependency
type Other io.Closer

/* want "Func is not an interface: annotate an interface" */ //guard:dependency
type Func func()

//guard:dependency
type Empty interface{} // want "Empty has no methods, so that there is nothing to guard"

//guard:dependency
type Constraint interface { // want "Constraint is a constraint: no value has its type"
	~int | ~string
	//guard:heavy
	F() error
}

//guard:dependency
type Inline[T interface{ ~int | ~string }] interface { // want "constraints written in place are not supported yet: declare the constraint of T as a type and name it here"
	F(ctx context.Context, t T) error
}

/* want "a type named _ has no wrapper: name it" */ //guard:dependency
type _ interface{ F() error }

//guard:dependency
type Invalid interface {
	F(ctx context.Context, x Undefined) error // want "undefined: Undefined"
	G(ctx context.Context) error
	G(ctx context.Context) error // want "duplicate method G"
}
