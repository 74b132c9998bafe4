package guardtest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	guard "github.com/guardgen/guardgen/runtime"
)

// ConformOption says what [Conform] may expect.
type ConformOption func(*conformance)

// Unguarded names the methods that are meant to pass unguarded: those annotated //guard:skip, and those that report no
// error. Every other method must be refused in an outage.
func Unguarded(methods ...string) ConformOption {
	return func(c *conformance) { c.unguarded = methods }
}

// Arguments gives the arguments for the calls of a method, without its context. Default: zero values, and no variadic
// ones.
func Arguments(method string, arguments ...any) ConformOption {
	return func(c *conformance) { c.arguments[method] = arguments }
}

type conformance struct {
	unguarded []string
	arguments map[string][]any
}

// Conform checks that the wrapper of an interface I changes nothing but what it is there for:
//
//	guardtest.Conform(t, Transport(fake), func(r *guard.HealthRegistry, next Transport) (Transport, error) {
//		return NewGuardedTransport(r, next)
//	})
//
// client is called twice with the same arguments, once as it is and once through the
// wrapper, so its methods must be deterministic and harmless. For every method of I:
//
//   - in health, the wrapper returns what the client returns;
//   - in an outage of every dependency, a guarded method returns zero values and a guard's error, and an unguarded one
//     (see [Unguarded]) what the client returns.
//
// Methods whose results carry their error inside, as go-redis commands do, are compared by that error, and iterators over
// values and errors by what they yield. An error of a type of its own counts as a refusal in an outage.
func Conform[I any](t testing.TB, client I, wrap func(*guard.HealthRegistry, I) (I, error), options ...ConformOption) {
	t.Helper()
	c := &conformance{arguments: make(map[string][]any)}
	for _, option := range options {
		option(c)
	}
	of := reflect.TypeFor[I]()
	if of.Kind() != reflect.Interface {
		t.Fatalf("guardtest: Conform wants an interface, not %s", of)
	}
	for _, name := range c.unguarded {
		if _, ok := of.MethodByName(name); !ok {
			t.Errorf("guardtest: %s has no method %s that could be unguarded", of, name)
		}
	}
	registry := NewRegistry(t, guard.WithBudget(guard.NoBudget))
	wrapper, err := wrap(registry, client)
	if err != nil {
		t.Fatalf("guardtest: %v", err)
	}
	Prove(t, registry)
	raw, guarded := reflect.ValueOf(&client).Elem(), reflect.ValueOf(&wrapper).Elem()
	for i := range of.NumMethod() {
		method := of.Method(i)
		want := c.call(t, raw, method)
		if got := c.call(t, guarded, method); !same(got, want) {
			t.Errorf("%s in health: got %v, the client returns %v", method.Name, printable(got), printable(want))
		}
	}
	for health := range registry.All() {
		Outage(t, registry, health.Name)
	}
	for i := range of.NumMethod() {
		method := of.Method(i)
		got := c.call(t, guarded, method)
		if slices.Contains(c.unguarded, method.Name) {
			if want := c.call(t, raw, method); !same(got, want) {
				t.Errorf("%s in an outage: got %v, but it is unguarded, and the client returns %v", method.Name, printable(got), printable(want))
			}
			continue
		}
		if problem := notRefused(got); problem != "" {
			t.Errorf("%s in an outage: %s (is it meant to be unguarded?)", method.Name, problem)
		}
	}
}

// call calls a method by name on an interface value.
func (c *conformance) call(t testing.TB, receiver reflect.Value, method reflect.Method) []reflect.Value {
	t.Helper()
	of := method.Type
	given := c.arguments[method.Name]
	var in []reflect.Value
	for i := range of.NumIn() {
		switch p := of.In(i); {
		case p.Kind() == reflect.Interface && p.Implements(contextType) && contextType.Implements(p):
			in = append(in, reflect.ValueOf(t.Context()))
		case of.IsVariadic() && i == of.NumIn()-1:
			for _, v := range given {
				in = append(in, value(v, p.Elem()))
			}
		case len(given) > 0:
			in, given = append(in, value(given[0], p)), given[1:]
		default:
			in = append(in, reflect.Zero(p))
		}
	}
	return receiver.MethodByName(method.Name).Call(in)
}

// value is v as a value of type of, nil included.
func value(v any, of reflect.Type) reflect.Value {
	if v == nil {
		return reflect.Zero(of)
	}
	return reflect.ValueOf(v)
}

var contextType, errorType = reflect.TypeFor[context.Context](), reflect.TypeFor[error]()

// carrier is a result with its error inside.
type carrier interface{ Err() error }

func same(a, b []reflect.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if yields(a[i]) && yields(b[i]) {
			if !same(yielded(a[i]), yielded(b[i])) {
				return false
			}
			continue
		}
		x, y := a[i].Interface(), b[i].Interface()
		if cx, ok := x.(carrier); ok && !a[i].IsZero() && !b[i].IsZero() {
			if cy, ok := y.(carrier); !ok || !reflect.DeepEqual(cx.Err(), cy.Err()) {
				return false
			}
			continue
		}
		if a[i].Kind() != reflect.Func && !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}

// yields reports whether a result is an iterator over values and errors.
func yields(result reflect.Value) bool {
	of := result.Type()
	if of.Kind() != reflect.Func || result.IsNil() || of.NumIn() != 1 || of.NumOut() != 0 {
		return false
	}
	yield := of.In(0)
	return yield.Kind() == reflect.Func && yield.NumIn() == 2 && yield.In(1) == errorType &&
		yield.NumOut() == 1 && yield.Out(0).Kind() == reflect.Bool
}

// yielded returns what an iterator yields, values and errors by turns.
func yielded(iterator reflect.Value) (pairs []reflect.Value) {
	yield := iterator.Type().In(0)
	iterator.Call([]reflect.Value{reflect.MakeFunc(yield, func(pair []reflect.Value) []reflect.Value {
		pairs = append(pairs, pair...)
		return []reflect.Value{reflect.ValueOf(true).Convert(yield.Out(0))}
	})})
	return pairs
}

// notRefused says how results differ from those of a refused call.
func notRefused(results []reflect.Value) string {
	if len(results) == 1 && yields(results[0]) {
		return notRefused(yielded(results[0]))
	}
	found := false
	for _, r := range results {
		if r.Kind() != reflect.Interface && r.Type().Implements(errorType) && !r.IsZero() {
			found = true // made of a refusal, by a function that may keep what it wants of it
			continue
		}
		v := r.Interface()
		if c, ok := v.(carrier); ok && !r.IsZero() {
			v = c.Err()
		} else if _, ok := v.(error); !ok {
			if !r.IsZero() {
				return "a refused call returned a value"
			}
			continue
		}
		if err, _ := v.(error); errors.Is(err, guard.ErrUnhealthy) || errors.Is(err, guard.ErrDestructiveDenied) {
			found = true
		}
	}
	if !found {
		return "it was not refused"
	}
	return ""
}

func printable(values []reflect.Value) []any {
	out := make([]any, len(values))
	for i, v := range values {
		if out[i] = v.Interface(); yields(v) {
			out[i] = printable(yielded(v))
		}
	}
	return out
}
