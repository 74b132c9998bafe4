// Package places holds directives that stand where they mean nothing.
package places

import "context"

/* want "//guard:dependency has no effect here: put it directly above an interface or a struct type, without a blank line" */ //guard:dependency

type Separated interface {
	F(ctx context.Context) error
}

//guard:dependency
type Inside interface { /* want "//guard:heavy has no effect here: put it directly above a method" */ //guard:heavy
	F(ctx context.Context) error

	/* want "//guard:heavy has no effect here: put it directly above a method" */ //guard:heavy

	G(ctx context.Context) error
	/* want "//guard:skip has no effect here: put it directly above a method" */ //guard:skip
} /* want "//guard:safe has no effect here" */ //guard:safe F

/* want "//guard:heavy has no effect here: f is a function, and directives stand on types and on their methods" */ //guard:heavy
func f() {
	/* want "//guard:dependency has no effect here: nothing inside a function has a wrapper: declare types outside of f" */ //guard:dependency
	type local interface{ F() error }
}

/* want "//guard:skip has no effect here: directives stand on types, not on var declarations" */ //guard:skip
var x = 1

/* want "//guard:heavy has no effect here: Plain has no //guard:dependency" */ //guard:heavy F
type Plain interface {
	/* want "//guard:probe has no effect here: Plain has no //guard:dependency: write it above the type" */ //guard:probe
	F(ctx context.Context) error
}

/* want "//guard:heavy has no effect here: Struct has no //guard:dependency: write it above the type" */ //guard:heavy
type Struct struct {
	F int /* want "//guard:heavy has no effect here" */ //guard:heavy
}

//guard:dependency
type Wrong interface {
	/* want "//guard:dependency stands on a type, not on a method" */ //guard:dependency
	F(ctx context.Context) error
	Embedded /* want "//guard:dependency stands on the type, not on an embedded line" */ //guard:dependency
}

//guard:dependency
type Names interface {
	/* want "//guard:heavy on F is about F already: remove F" */ //guard:heavy F
	F(ctx context.Context) error
	Embedded /* want "//guard:skip must name its methods here, such as //guard:skip Method" */ //guard:skip
}

//guard:dependency
type EmbeddedNames interface {
	Embedded /* want "embedded Embedded has no method Gett: did you mean Get\\?" */ //guard:skip Gett
	F(ctx context.Context) error
}

// TypeNames names methods on the type.
//
//guard:dependency
/* want "the interface has no method Fetchh: did you mean Fetch\\?" */ //guard:heavy Fetchh
/* want "Fetch is named twice" */ //guard:heavy Fetch Fetch
type TypeNames interface {
	Fetch(ctx context.Context) error
}

//guard:dependency
type ProbeNames interface {
	Embedded /* want "//guard:probe stands on a method: declare the method in this type too" */ //guard:probe Get
}

// Embedded has a directive that its embedders take over: no error here.
type Embedded interface {
	//guard:heavy
	Get(ctx context.Context) error
}

// Concrete is annotated, and what stands apart from its method is not read.
//
//guard:dependency
type Concrete struct{}

/* want "//guard:probe has no effect here: put it directly above the method Ping, without a blank line between" */ //guard:probe

func (s *Concrete) Ping(ctx context.Context) error { return nil }

/* want "//guard:probe has no effect here: put it directly above a method, without a blank line between" */ //guard:probe

// Named has a method that is called like an option.
//
//guard:dependency
//guard:call key timeout=none
/* want "timeout needs a value, such as timeout=2s" */ //guard:call timeout
type Named interface {
	key(ctx context.Context) error
	//guard:destructive key=none budget=none
	drop(ctx context.Context) error
	list(ctx context.Context) error /* want "mode needs a value: write mode=" */ //guard:heavy mode
}

// want-free: a comment that only mentions guard: is no directive.
