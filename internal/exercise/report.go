package exercise

import (
	"errors"
	"reflect"
)

// report is one result by which a method says how the call went.
type report struct {
	index int // of the result
	form  form
}

// form is how a result reports an error.
type form uint8

const (
	value   form = iota // an error, by whatever name
	inside              // a *N with SetErr(error) and Err() error
	beside              // as inside, beside an error: it reports one, but holds no refusal
	custom              // a type of its own that is an error
	yielded             // an iterator that yields errors
	lazily              // an iterator that yields errors, as the only result: the call begins with the range
)

var errorInterface = reflect.TypeFor[error]()

// carrier is a result that carries its error.
type carrier interface {
	SetErr(error)
	Err() error
}

// reportsOf lists the results by which a method reports an error: those of the strongest form that it has, and beside
// errors the iterators that yield some.
func reportsOf(method reflect.Type) (list []report) {
	collect := func(f form, is func(reflect.Type) bool) {
		for i := range method.NumOut() {
			if is(method.Out(i)) {
				list = append(list, report{i, f})
			}
		}
	}
	collect(value, isError)
	if len(list) > 0 {
		collect(yielded, isIterator)
		collect(beside, isCarrier)
		return list
	}
	if method.NumOut() == 1 {
		collect(lazily, isIterator)
	}
	if len(list) == 0 {
		collect(inside, isCarrier)
	}
	if len(list) == 0 {
		collect(custom, func(t reflect.Type) bool { return t.Implements(errorInterface) })
	}
	return list
}

// isError reports whether t is error, or an interface that every error has.
func isError(t reflect.Type) bool {
	return t.Kind() == reflect.Interface && t.Implements(errorInterface) && errorInterface.Implements(t)
}

// isCarrier reports whether a new value of t can be told its error.
func isCarrier(t reflect.Type) (ok bool) {
	if t.Kind() != reflect.Pointer || !t.Implements(reflect.TypeFor[carrier]()) {
		return false
	}
	defer func() { ok = recover() == nil }() // a method from behind a nil pointer
	reflect.New(t.Elem()).Interface().(carrier).SetErr(errBroken)
	return true
}

// isIterator reports whether t is func(yield func(T, error) bool).
func isIterator(t reflect.Type) bool {
	if t.Kind() != reflect.Func || t.IsVariadic() || t.NumIn() != 1 || t.NumOut() != 0 {
		return false
	}
	yield := t.In(0)
	return yield.Kind() == reflect.Func && yield.NumIn() == 2 && yield.In(1) == errorInterface && !yield.IsVariadic() &&
		yield.NumOut() == 1 && yield.Out(0) == reflect.TypeFor[bool]()
}

// errorIn returns the error that a result reports, nil if it reports none.
func (r report) errorIn(results []reflect.Value) error {
	result := results[r.index]
	switch r.form {
	case yielded, lazily:
		var last error
		for _, p := range pairsOf(result) {
			if p.err != nil {
				last = p.err
			}
		}
		return last
	case inside, beside:
		if result.IsNil() {
			return nil
		}
		return result.Interface().(carrier).Err()
	default:
		if result.IsZero() {
			return nil
		}
		return result.Interface().(error)
	}
}

var errBroken = errors.New("connection refused")
