package guard

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"
)

type apiError struct{ status int }

func (e *apiError) Error() string { return "api" }

type status int

func (s status) Error() string { return "status" }

func TestErrorOfATypeOfItsOwnIsNoneAtItsZeroValue(t *testing.T) {
	if err := ErrorFrom((*apiError)(nil)); err != nil {
		t.Errorf("a nil pointer is %v", err)
	}
	if err := ErrorFrom(status(0)); err != nil {
		t.Errorf("a zero is %v", err)
	}
	given := &apiError{503}
	if err := ErrorFrom(given); err != given {
		t.Errorf("%v is %v", given, err)
	}
	if err := ErrorFrom(status(2)); err != status(2) {
		t.Errorf("status 2 is %v", err)
	}
}

// ownRequest is a context of its own.
type ownRequest struct {
	context.Context
	id string
}

func TestContextOfATypeOfItsOwnMayBeEmpty(t *testing.T) {
	for name, own := range map[string]context.Context{"nil": nil, "nil pointer": (*ownRequest)(nil), "without a context inside": &ownRequest{}} {
		if ctx := ContextOf(own); ctx == nil || ctx.Err() != nil {
			t.Errorf("%s: %v", name, ctx)
		}
	}
	full := &ownRequest{Context: t.Context(), id: "7"}
	if ctx := ContextOf(full); ctx != full {
		t.Errorf("%v instead of the request itself", ctx)
	}
}

func TestRefusalIsNeverTakenForSuccess(t *testing.T) {
	if got := Refuse(func(error) *apiError { return &apiError{503} }, errDown); got.status != 503 {
		t.Errorf("made %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a function that makes nothing of a refusal is accepted")
		}
	}()
	Refuse(func(error) *apiError { return nil }, errDown)
}

func TestJoinErrorsKeepsAnOnlyErrorAsItIs(t *testing.T) {
	other := errors.New("other")
	if err := JoinErrors(nil, nil); err != nil {
		t.Errorf("nothing is %v", err)
	}
	for _, list := range [][]error{{errDown, nil}, {nil, errDown}, {nil, errDown, nil}} {
		if err := JoinErrors(list...); err != errDown {
			t.Errorf("%v is %v", list, err)
		}
	}
	if err := JoinErrors(errDown, nil, other); !errors.Is(err, errDown) || !errors.Is(err, other) {
		t.Errorf("two are %v", err)
	}
	if n := testing.AllocsPerRun(100, func() { JoinErrors(nil, errDown) }); n != 0 {
		t.Errorf("%v allocations without a second error", n)
	}
}

// pairs iterates over values, each with an error or none.
func pairs(errs ...error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i, err := range errs {
			if !yield(i, err) {
				return
			}
		}
	}
}

func TestRangePassesAllOnAndReturnsTheLastError(t *testing.T) {
	first := errors.New("first")
	for _, row := range []struct {
		yielded []error
		stop    int
		want    error
	}{
		{nil, 9, nil},
		{[]error{nil, nil}, 9, nil},
		{[]error{nil, first, nil, errDown}, 9, errDown},
		{[]error{first, nil}, 9, first},
		{[]error{first, errDown}, 0, first}, // the loop is left before the second
	} {
		var got []error
		err := Range(pairs(row.yielded...), func(i int, err error) bool {
			got = append(got, err)
			return i != row.stop
		})
		if want := row.yielded[:min(len(row.yielded), row.stop+1)]; err != row.want || !slices.Equal(got, want) {
			t.Errorf("%v: passed on %v, returned %v, want %v", row.yielded, got, err, row.want)
		}
	}
	if err := Range[int](nil, nil); err != nil {
		t.Errorf("an iterator that is nil returns %v", err)
	}
}

func TestSequenceRecordsTheErrorWhenItEnds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("api", policy(func(p *Policy) { p.Hold = time.Minute }))
		failures := func() int {
			health, _ := w.Health("api")
			return health.Failures
		}
		if Sequence(t.Context(), g.get, iter.Seq2[int, error](nil), "session:1") != nil {
			t.Error("no iterator became one")
		}
		seq := Sequence(t.Context(), g.get, pairs(nil, errDown, errDown), "session:1")
		if failures() != 0 {
			t.Fatal("an iterator that nobody ranges over failed")
		}
		for range seq {
		}
		if got := failures(); got != 1 {
			t.Errorf("%d failures for one iteration, want 1", got)
		}
		for range Sequence(t.Context(), g.get, pairs(nil, nil)) {
		}
		if got := failures(); got != 1 {
			t.Errorf("%d failures after an iteration without an error, want 1: it says nothing", got)
		}
		time.Sleep(5 * time.Second) // the quiet time
		var denied *DestructiveDeniedError
		if err := g.Drop(t.Context(), "session:1"); !errors.As(err, &denied) || denied.Key != "session:1" {
			t.Errorf("%v about the key of the iteration that failed, want a denial", err)
		}
		if err := g.Drop(t.Context(), "session:2"); err != nil {
			t.Errorf("%v about another key", err)
		}
	})
}
