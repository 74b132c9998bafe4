package exercise

import (
	"log/slog"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Subject is a generated wrapper W of N, and what is needed to call it.
type Subject[N, W any] struct {
	Dependency string
	Wrap       func(registry *guard.HealthRegistry, next N) (W, error)
	Fake       func(*Recorder) N

	// Methods are the methods by name, as method values of the wrapper. Nil means those that reflection finds: all of an
	// interface W, but only the exported ones of another type.
	Methods func(W) map[string]any

	// Samples are values for parameters and results whose types are interfaces with methods: the first that fits is taken,
	// or the next where several fit.
	Samples []any

	// Keys say by method what a call is about: "session:1.Owner.ID" is a kind, the index of a parameter, and fields of it.
	Keys map[string][]string

	// Timeouts are the deadlines that reach the client, by method. No other call has one.
	Timeouts map[string]time.Duration

	// When are the predicates of destructive methods, which go through the gate only where these say so of their
	// parameters: functions with the parameters of the method.
	When map[string]any

	// Answers are errors that the dependency answers with, and which are no failures.
	Answers []error

	// The methods that are not regular ones, so that a class lost on the way is noticed.
	Destructive, Heavy, Unguarded []string
}

// Exercise calls each method several times, each on a registry of its own and in virtual time: while all is well, with a
// client that fails, while the gate is shut, while the dependency is degraded, and while it is isolated. It logs what
// was asserted.
func (s Subject[N, W]) Exercise(t *testing.T) {
	t.Helper()
	untyped := &subject{
		dependency: s.Dependency, names: s.names(t), method: s.method,
		samples: s.Samples, keys: s.Keys, timeouts: s.Timeouts, when: s.When, answers: s.Answers,
		destructive: s.Destructive, heavy: s.Heavy, unguarded: s.Unguarded,
		asserted: make(asserted),
	}
	untyped.exerciseAll(t)
}

// names lists the methods, sorted. What the wrapper has beyond them is reported.
func (s Subject[N, W]) names(t *testing.T) []string {
	if s.Methods == nil {
		return methodsOf(reflect.TypeFor[W]())
	}
	var zero W
	if value := reflect.ValueOf(&zero).Elem(); value.Kind() == reflect.Pointer {
		value.Set(reflect.New(value.Type().Elem()))
	}
	known := s.Methods(zero)
	for _, name := range methodsOf(reflect.TypeFor[W]()) {
		if known[name] == nil {
			t.Errorf("the wrapper has a method %s that its client has not", name)
		}
	}
	return slices.Sorted(maps.Keys(known))
}

func methodsOf(typ reflect.Type) (names []string) {
	for method := range typ.Methods() {
		names = append(names, method.Name)
	}
	return names
}

// method is a method of a new wrapper around a fake.
func (s Subject[N, W]) method(registry *guard.HealthRegistry, recorder *Recorder, name string) (reflect.Value, error) {
	wrapper, err := s.Wrap(registry, s.Fake(recorder))
	if err != nil {
		return reflect.Value{}, err
	}
	if s.Methods == nil {
		return reflect.ValueOf(wrapper).MethodByName(name), nil
	}
	return reflect.ValueOf(s.Methods(wrapper)[name]), nil
}

// subject is a Subject without its types: it is compiled once, and not with every wrapper.
type subject struct {
	dependency string
	names      []string // of the methods
	method     func(*guard.HealthRegistry, *Recorder, string) (reflect.Value, error)

	samples                       []any
	keys                          map[string][]string
	timeouts                      map[string]time.Duration
	when                          map[string]any
	answers                       []error
	destructive, heavy, unguarded []string

	asserted asserted
}

func (s *subject) exerciseAll(t *testing.T) {
	for _, listed := range slices.Concat(s.destructive, s.heavy, s.unguarded) {
		if !slices.Contains(s.names, listed) {
			t.Errorf("there is no method %s", listed)
		}
	}
	for _, name := range s.names {
		t.Run(name, func(t *testing.T) { s.exercise(t, name) })
	}
	t.Log("asserted:", s.asserted)
}

func (s *subject) exercise(t *testing.T, name string) {
	listed := func(class []string) bool { return slices.Contains(class, name) }
	open, shut := time.Duration(0), time.Minute
	for variant := range variants {
		t.Run("all is well", s.trial(name, open, func(call *trial) {
			call.make.variant = variant
			call.passes()
		}))
	}
	if s.when[name] != nil {
		s.exercisePredicate(t, name)
	} else {
		t.Run("gate is shut", s.trial(name, shut, expected(listed(s.destructive), (*trial).isDenied)))
	}
	if !listed(s.destructive) {
		t.Run("degraded", s.trial(name, open, func(call *trial) {
			call.degrade()
			expected(listed(s.heavy), (*trial).isShed)(call)
		}))
	}
	t.Run("isolated", s.trial(name, open, func(call *trial) {
		call.isolate()
		expected(!listed(s.unguarded), (*trial).isRefused)(call)
		if listed(s.unguarded) {
			call.hold(neverStopped)
		}
	}))
	if !listed(s.unguarded) {
		s.exerciseReports(t, name, listed(s.destructive))
	}
}

// exerciseReports calls a guarded method with a client that has something to say.
func (s *subject) exerciseReports(t *testing.T, name string, destructive bool) {
	const open = 0
	reports := s.reports(t, name)
	if len(reports) == 0 {
		t.Error("listed as guarded, and reports no error")
		return
	}
	if s.keys[name] != nil {
		s.exerciseKeys(t, name, destructive)
	}
	if reports[0].form == lazily {
		t.Run("is asked when it is ranged over", s.trial(name, open, (*trial).isAskedLate))
	}
	if reports[0].form != custom {
		for _, answer := range s.answers {
			t.Run("client answers", s.trial(name, open, func(call *trial) { call.isAnswered(answer) }))
		}
	}
	for i := range reports {
		t.Run("client fails", s.trial(name, open, func(call *trial) { call.fails(i) }))
		t.Run("client fails after a success", s.trial(name, open, func(call *trial) {
			if call.passesOnce(); call.hasBudget() {
				call.recorder.calls, call.arguments = nil, nil
				call.fails(i)
			}
		}))
	}
	if reports[0].form != custom && !destructive { // the gate would ask for proof
		t.Run("caller goes away", s.trial(name, open, func(call *trial) {
			if call.hasContext() {
				call.isAbandoned()
			}
		}))
	}
}

// reports lists the results by which a method reports errors.
func (s *subject) reports(t *testing.T, name string) (list []report) {
	s.trial(name, 0, func(call *trial) { list = call.reports() })(t)
	return list
}

// expected is the trial of a call that is stopped, if it is to be stopped, and else of one that passes.
func expected(stopped bool, trialOfStopped func(*trial)) func(*trial) {
	if stopped {
		return trialOfStopped
	}
	return (*trial).passes
}

func (s *subject) trial(name string, startHold time.Duration, run func(*trial)) func(t *testing.T) {
	return func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			defer failInsteadOfPanic(t)
			registry := guard.NewHealthRegistry(guard.WithStartHold(startHold), guard.WithLogger(discard), guard.Requires(s.dependency))
			defer registry.Close()
			recorder := &Recorder{}
			method, err := s.method(registry, recorder, name)
			if err != nil {
				t.Fatal(err)
			}
			call := &trial{
				T: t, registry: registry, dependency: s.dependency, recorder: recorder, name: name, method: method, broken: errBroken,
				asserted: s.asserted,
				limit:    s.timeouts[name],
				make:     maker{t: t, samples: s.samples},
			}
			call.make.cancels = &call.cancels
			defer call.cancel()
			recorder.trial = call
			run(call)
		})
	}
}

// failInsteadOfPanic lets the other tests go on.
func failInsteadOfPanic(t *testing.T) {
	if why := recover(); why != nil {
		t.Errorf("panics: %v\n%s", why, debug.Stack())
	}
}

var discard = slog.New(slog.DiscardHandler)
