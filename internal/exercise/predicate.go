package exercise

import (
	"reflect"
	"testing"
	"time"
)

// exercisePredicate holds that a call goes through the gate where the predicate of its method says so of the parameters,
// and only there.
func (s *subject) exercisePredicate(t *testing.T, name string) {
	said := make(map[bool]int)
	for variant := range variants {
		t.Run("gate is shut", s.trial(name, time.Minute, func(call *trial) {
			call.make.variant = variant
			gated := call.isGated(s.when[name])
			said[gated]++
			expected(gated, (*trial).isDenied)(call)
		}))
	}
	if len(said) < 2 {
		t.Errorf("the predicate of %s says the same of all samples", name)
	}
	s.asserted.hold(asPredicated, name)
}

// isGated asks a predicate about the arguments of the next call.
func (t *trial) isGated(predicate any) bool {
	ask := reflect.ValueOf(predicate)
	var arguments []reflect.Value
	for i := range t.method.Type().NumIn() {
		arguments = append(arguments, t.make.sample(t.method.Type().In(i), i))
	}
	if ask.Type().IsVariadic() {
		return ask.CallSlice(arguments)[0].Bool()
	}
	return ask.Call(arguments)[0].Bool()
}
