package golden_test

import (
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// subject is a generated wrapper, and what is needed to call it.
type subject[I any] struct {
	dependency string
	wrap       func(registry *guard.HealthRegistry, next I) (I, error)
	fake       func(*recorder) I

	// The methods that are not regular ones, so that a class lost on the way is noticed.
	destructive, heavy, unguarded []string
}

// exercise calls each method several times, each on a registry of its own and in virtual time: while all is well, with a
// client that fails, while the gate is shut, while the dependency is degraded, and while it is isolated.
func (s subject[I]) exercise(t *testing.T) {
	t.Helper()
	for method := range reflect.TypeFor[I]().Methods() {
		t.Run(method.Name, func(t *testing.T) {
			listed := func(class []string) bool { return slices.Contains(class, method.Name) }
			open, shut := time.Duration(0), time.Minute
			t.Run("all is well", s.trial(method, open, (*trial).passes))
			t.Run("gate is shut", s.trial(method, shut, expected(listed(s.destructive), (*trial).isDenied)))
			if !listed(s.destructive) {
				t.Run("degraded", s.trial(method, open, func(call *trial) {
					call.degrade()
					expected(listed(s.heavy), (*trial).isRefused)(call)
				}))
			}
			t.Run("isolated", s.trial(method, open, func(call *trial) {
				call.isolate()
				expected(!listed(s.unguarded), (*trial).isRefused)(call)
			}))
			if !listed(s.unguarded) {
				t.Run("client fails", s.trial(method, open, (*trial).fails))
			}
		})
	}
}

// expected is the trial of a call that is stopped, if it is to be stopped, and else of one that passes.
func expected(stopped bool, trialOfStopped func(*trial)) func(*trial) {
	if stopped {
		return trialOfStopped
	}
	return (*trial).passes
}

func (s subject[I]) trial(method reflect.Method, startHold time.Duration, run func(*trial)) func(t *testing.T) {
	return func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			registry := guard.NewHealthRegistry(guard.WithStartHold(startHold), guard.WithLogger(discard))
			defer registry.Close()
			recorder := &recorder{}
			wrapper, err := s.wrap(registry, s.fake(recorder))
			if err != nil {
				t.Fatal(err)
			}
			run(&trial{
				T: t, registry: registry, dependency: s.dependency, recorder: recorder,
				name: method.Name, method: reflect.ValueOf(wrapper).MethodByName(method.Name),
			})
		})
	}
}

// trial is one call of one method.
type trial struct {
	*testing.T
	registry   *guard.HealthRegistry
	dependency string
	recorder   *recorder
	name       string
	method     reflect.Value

	arguments []reflect.Value
}

var discard = slog.New(slog.DiscardHandler)

var errBroken = errors.New("connection refused")

func (t *trial) isolate() {
	if err := t.registry.Isolate(t.dependency, "test"); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) degrade() {
	if err := t.registry.SetState(t.dependency, guard.Degraded, "test"); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) passes() {
	t.recorder.answer = t.answer(nil)
	results := t.call()
	t.wantForwarded()
	t.wantResults(results, t.recorder.answer)
}

func (t *trial) fails() {
	t.recorder.answer = t.answer(errBroken)
	before, _ := t.registry.Health(t.dependency)
	results := t.call()
	t.wantForwarded()
	t.wantResults(results, t.recorder.answer)
	if err := errorOf(results); err != errBroken {
		t.Errorf("error %v, want that of the client", err)
	}
	if after, _ := t.registry.Health(t.dependency); after.Failures != before.Failures+1 {
		t.Errorf("%d failures, then %d: the failure was not recorded", before.Failures, after.Failures)
	}
}

func (t *trial) isRefused() { t.isStopped(guard.ErrUnhealthy) }

func (t *trial) isDenied() { t.isStopped(guard.ErrDestructiveDenied) }

func (t *trial) isStopped(why error) {
	results := t.call()
	if n := len(t.recorder.calls); n != 0 {
		t.Errorf("the client was called %d times, want none", n)
	}
	if err := errorOf(results); !errors.Is(err, why) {
		t.Errorf("error %v, want one that is %v", err, why)
	}
	for i, result := range results {
		if i != errorIndex(t.method.Type()) && !result.IsZero() {
			t.Errorf("result %d is %v, want nothing", i, result)
		}
	}
}

// call calls the method with samples.
func (t *trial) call() []reflect.Value {
	for i := range t.method.Type().NumIn() {
		t.arguments = append(t.arguments, sample(t.method.Type().In(i), i))
	}
	if t.method.Type().IsVariadic() {
		return t.method.CallSlice(t.arguments)
	}
	return t.method.Call(t.arguments)
}

// answer returns samples of the results, with err in the place of the error.
func (t *trial) answer(err error) []reflect.Value {
	var answer []reflect.Value
	for i := range t.method.Type().NumOut() {
		result := sample(t.method.Type().Out(i), 10+i)
		if i == errorIndex(t.method.Type()) {
			if carrier, ok := result.Interface().(interface{ SetErr(error) }); ok {
				carrier.SetErr(err)
			} else {
				result = reflect.Zero(result.Type())
				if err != nil {
					result = reflect.ValueOf(&err).Elem()
				}
			}
		}
		answer = append(answer, result)
	}
	return answer
}

func (t *trial) wantForwarded() {
	t.Helper()
	if len(t.recorder.calls) != 1 || t.recorder.calls[0].method != t.name {
		t.Fatalf("the client was called as %v, want %s once", t.recorder.calls, t.name)
	}
	for i, got := range t.recorder.calls[0].arguments {
		if want := t.arguments[i]; !same(got, want) {
			t.Errorf("argument %d is %v, want %v", i, got, want)
		}
	}
}

func (t *trial) wantResults(got, want []reflect.Value) {
	t.Helper()
	for i := range want {
		if !same(got[i], want[i]) {
			t.Errorf("result %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// errorIndex returns which result of a method reports its error, -1 if none does.
func errorIndex(method reflect.Type) int {
	last := -1
	for i := range method.NumOut() {
		out := method.Out(i)
		if out == reflect.TypeFor[error]() || last < 0 && out.Implements(reflect.TypeFor[interface{ SetErr(error) }]()) {
			last = i
		}
	}
	return last
}

func errorOf(results []reflect.Value) error {
	for _, result := range slices.Backward(results) {
		switch result := result.Interface().(type) {
		case error:
			return result
		case interface{ Err() error }:
			return result.Err()
		}
	}
	return nil
}
