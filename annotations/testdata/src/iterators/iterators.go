// Package iterators has iterators whose errors are observed, and others.
package iterators

import (
	"context"
	"iter"
)

type apiError struct{ status int }

func (e *apiError) Error() string { return "" }

func refused(err error) *apiError { return &apiError{503} }

type (
	yield   func(string, error) bool
	defined func(yield)
)

//guard:dependency refuse=refused
type Iterators interface {
	//guard:probe
	Ping(ctx context.Context) error

	Alone(ctx context.Context) iter.Seq2[string, error]
	BesideError(ctx context.Context) (iter.Seq2[string, error], int, error)
	BesideCustom(ctx context.Context) (iter.Seq2[string, error], *apiError)
	Plain(ctx context.Context) iter.Seq2[string, int]                // want "^warning: reports no error and passes unguarded: Plain; write //guard:skip if that is right$"
	Counted(ctx context.Context) (iter.Seq2[string, error], int)     // want "^warning: returns iter.Seq2\\[string, error\\], whose errors guardgen observes only where it is the only result or stands beside an error, and passes unguarded: Counted; add an error result, or write //guard:skip if that is right$"
	Custom(ctx context.Context) iter.Seq2[string, *apiError]         // want "^warning: returns iter.Seq2\\[string, [*]apiError\\], where guardgen observes the errors of an iter.Seq2\\[T, error\\] only, and passes unguarded: Custom; return that, alone or beside an error, or write //guard:skip if that is right$"
	Single(ctx context.Context) iter.Seq[error]                      // want "warning: returns iter.Seq\\[error\\], where .* passes unguarded: Single"
	First(ctx context.Context) (int, func(func(error, int) bool))    // want "warning: returns func.func.error, int. bool., where .* passes unguarded: First"
	Defined(ctx context.Context) defined                             // want "warning: returns defined, where .* passes unguarded: Defined"
	Skipped(ctx context.Context) (iter.Seq2[string, *apiError], int) //guard:skip
	/* want "^Drop returns iter.Seq2\\[string, error\\], whose errors guardgen observes only where it is the only result or stands beside an error, and cannot be refused: give it an error result, or leave it out of the interface$" */ //guard:destructive budget=none key=id
	Drop(ctx context.Context, id string) (iter.Seq2[string, error], int)
	/* want "^Scan returns iter.Seq2\\[string, [*]apiError\\], where guardgen .* cannot be refused: give it an error result, or leave it out of the interface$" */ //guard:heavy
	Scan(ctx context.Context) iter.Seq2[string, *apiError]
	/* want "^Made returns iter.Seq2\\[string, [*]apiError\\], where guardgen .* passes unguarded, so that //guard:call has no effect: return that, alone or beside an error, or write //guard:skip$" */ //guard:call refuse=refused
	Made(ctx context.Context) iter.Seq2[string, *apiError]
}
