package golden_test

import (
	"context"
	"reflect"

	guard "github.com/guardgen/guardgen/runtime"
)

// recorder is what a fake client remembers, and answers.
type recorder struct {
	calls  []call
	answer []reflect.Value
}

type call struct {
	method    string
	arguments []reflect.Value
}

// called records a call and returns its answer. A probe of the guard is answered with zeros.
func (r *recorder) called(method string, arguments ...any) []reflect.Value {
	c := call{method: method}
	for _, argument := range arguments {
		if ctx, ok := argument.(context.Context); ok && ctx.Value(mark{}) == nil {
			return nil
		}
		c.arguments = append(c.arguments, reflect.ValueOf(argument))
	}
	r.calls = append(r.calls, c)
	return r.answer
}

func result[T any](answer []reflect.Value, i int) (value T) {
	if answer != nil {
		value, _ = answer[i].Interface().(T)
	}
	return value
}

// pinger is the part of a fake that most interfaces have as their probe.
type pinger struct{ *recorder }

func (p pinger) Ping(ctx context.Context) error { return result[error](p.called("Ping", ctx), 0) }

// alive is the probe of what has none of its own.
var alive = guard.WithProbe(func(context.Context) error { return nil })
