// Package shadow is a golden for names that mean something else in the generated file: parameters and results named
// like imports, receivers, locals and words of Go, methods named like fields, declarations named like imports.
package shadow

import (
	stdcontext "context"
	"net/url"
	gotime "time"
)

// context and guard keep the generated file from importing packages under these names.
func context() string { return "" }

var guard = context()

// next, call and g are declarations with the names of locals.
var next, call, g = guard, guard, guard

// Target is where a call goes.
type Target struct{ Name string }

// Shadow is full of names.
//
//guard:dependency name=shadow key=shadow:guard,shadow:target.Name hold=30s
type Shadow interface {
	//guard:probe
	Ping(ctx stdcontext.Context) error

	Import(ctx stdcontext.Context, url *url.URL, time gotime.Time, context string) error
	Keyed(ctx stdcontext.Context, guard, guardgen, any string) error
	Locals(g stdcontext.Context, call, guarded, attempt, err string) (cmd string, next error)
	Behind(ctx stdcontext.Context, target *Target, any int) error
	Words(ctx stdcontext.Context, nil, new, error, string int) (len int, append error)
	Free(context, std, stdcontext string) error

	// Next and Type are named like a field and a word of Go.
	Next(ctx stdcontext.Context) error
	Type(ctx stdcontext.Context) error

	// HTTPGet and HttpGet would be one field.
	HTTPGet(ctx stdcontext.Context) error
	HttpGet(ctx stdcontext.Context) error
}
