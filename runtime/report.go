package guard

import (
	"context"
	"errors"
)

// What generated wrappers need to read how a call went, where it is not one result of type error.

// Error is Go's error, for the generated files of packages that declare an error of their own.
type Error = error

// ErrorOf returns the error inside a result, such as a go-redis command, and nil for a nil one.
func ErrorOf[R interface {
	comparable
	Err() error
}](result R) error {
	var none R
	if result == none {
		return nil
	}
	return result.Err()
}

// ErrorFrom returns an error of a type of its own as an error, and nil for its zero value: a nil pointer is none.
func ErrorFrom[E interface {
	comparable
	error
}](custom E) error {
	var none E
	if custom == none {
		return nil
	}
	return custom
}

// ContextOf returns what a call has as its context, where the parameter has a type of its own. The background's stands for
// one that is nil, or has no context inside: whether the call needs it is the client's to say.
func ContextOf(own context.Context) (ctx context.Context) {
	if own == nil {
		return context.Background()
	}
	defer func() {
		if recover() != nil {
			ctx = context.Background()
		}
	}()
	own.Err()
	return own
}

// Refuse returns the error of a type of its own that convert makes of a refusal. It panics if that is none: the caller would
// take a call that did not run for one that went well.
func Refuse[E interface {
	comparable
	error
}](convert func(error) E, refusal error) E {
	custom := convert(refusal)
	if ErrorFrom(custom) == nil {
		panic("guard: the function of refuse= makes no error of: " + refusal.Error())
	}
	return custom
}

// JoinErrors returns nil if all errors are, the only one as it is, and several as [errors.Join] does.
func JoinErrors(list ...error) error {
	var only error
	for _, err := range list {
		switch {
		case err == nil:
		case only == nil:
			only = err
		default:
			return errors.Join(list...)
		}
	}
	return only
}

// Range passes on to yield what seq yields, and returns the last error among it.
func Range[V any](seq func(yield func(V, error) bool), yield func(V, error) bool) (err error) {
	if seq == nil {
		return nil
	}
	seq(func(value V, e error) bool {
		if e != nil {
			err = e
		}
		return yield(value, e)
	})
	return err
}

// Sequence returns an iterator that yields what seq does. When it ends, the last error that it yielded is recorded like
// that of a call of m about the keys; an iterator without one says nothing.
func Sequence[S ~func(yield func(V, error) bool), V any](ctx context.Context, m *Method, seq S, keys ...string) S {
	if seq == nil {
		return nil
	}
	return func(yield func(V, error) bool) {
		begun := Attempt{method: m, word: m.dependency.word.Load() &^ recording}
		if err := Range(seq, yield); err != nil {
			begun.Settle(ctx, err, keys...)
		}
	}
}
