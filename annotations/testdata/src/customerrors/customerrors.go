// Package customerrors has methods that report an error of a type of its own.
package customerrors

import (
	"context"
	"net"
)

type apiError struct{ status int }

func (e *apiError) Error() string { return "" }

type status int

func (s status) Error() string { return "" }

// several cannot be compared.
type several struct{ list []error }

func (s several) Error() string { return "" }

func refused(err error) *apiError { return &apiError{503} }

func wrong(err error) error { return err }

//guard:dependency refuse=refused
type Guarded interface {
	//guard:destructive budget=none key=id
	End(ctx context.Context, id string) *apiError
	Ping(ctx context.Context) error                      //guard:probe
	Both(ctx context.Context) (*apiError, error)
	Temporary(ctx context.Context) interface{ Error() string }
	Status(ctx context.Context) status                   // want "warning: reports its error as status, which no refusal is, and passes unguarded: Status; write refuse= with a func.error. status, or //guard:skip"
	/* want "refuse: refused returns \\*apiError, and Other status" */ //guard:call refuse=refused
	/* want "Other reports its error as status, and nothing makes one of a refusal: write //guard:call refuse= with a func.error. status" */ //guard:heavy
	Other(ctx context.Context) status
	/* want "refuse: Plain reports no error of a type of its own: remove it" */ //guard:call refuse=refused
	Plain(ctx context.Context) error
	Several(ctx context.Context) several // want "warning: reports its error as several, which cannot be told from none, and passes unguarded: Several"
	Net(ctx context.Context) net.Error // want "warning: reports its error as net.Error, which no refusal is"
}

/* want "refuse: wrong must be a func.error. that returns the type of error that the methods return" */ //guard:dependency optional refuse=wrong
type Wrong interface {
	F(ctx context.Context) error
}

/* want "refuse: no method has a \\*apiError as its only error" */ //guard:dependency optional refuse=refused
type Idle interface {
	F(ctx context.Context) error
}

/* want "refuse: package customerrors has no function refuse: did you mean refused" */ //guard:dependency optional refuse=refuse
type Nobody interface {
	F(ctx context.Context) error
}
