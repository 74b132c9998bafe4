package exercise

import (
	"context"
	"reflect"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Recorder is what a fake client remembers, and answers.
type Recorder struct {
	trial  *trial
	calls  []call
	answer []reflect.Value
	during func() // happens while the client runs
}

type call struct {
	method    string
	arguments []reflect.Value
	limit     time.Duration // how long the call may take by its contexts; 0 is no bound
}

// Answer is what a fake client answers to one call: nothing to a probe of the guard.
type Answer []reflect.Value

// Unseen is what a fake client passes to Called for a parameter that it cannot name, and so not look at.
var Unseen unseen

type unseen struct{}

// Called records a call and returns its answer.
func (r *Recorder) Called(method string, arguments ...any) Answer {
	c := call{method: method}
	for _, argument := range arguments {
		c.arguments = append(c.arguments, reflect.ValueOf(argument))
		if ctx, ok := argument.(context.Context); ok && isStandard(ctx) {
			if deadline, ok := ctx.Deadline(); ok {
				c.limit += time.Until(deadline)
			}
		}
	}
	if r.isProbe(c) {
		return nil
	}
	r.calls = append(r.calls, c)
	if r.during != nil {
		r.during()
	}
	return r.answer
}

// isProbe reports whether the guard calls, and not the trial: under a context that the trial did not pass.
func (r *Recorder) isProbe(c call) bool {
	if r.trial == nil {
		return true
	}
	if len(c.arguments) != 1 || !c.arguments[0].IsValid() {
		return false
	}
	return isContext(c.arguments[0].Type()) && (len(r.trial.arguments) != 1 || !same(c.arguments[0], r.trial.arguments[0]))
}

// Into stores the answer in results, pointers to the results of the method.
func (a Answer) Into(results ...any) {
	for i := range a {
		reflect.ValueOf(results[i]).Elem().Set(a[i])
	}
}

// Result returns one result of an answer.
func Result[T any](answer Answer, i int) (value T) {
	if answer != nil {
		value, _ = answer[i].Interface().(T)
	}
	return value
}

// Alive is the probe of what has none of its own.
var Alive = guard.WithProbe(func(context.Context) error { return nil })
