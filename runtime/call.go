package guard

import (
	"context"
	"errors"
)

// CallOption describes one [Call].
type CallOption interface{ describe(*callDescription) }

type callDescription struct {
	operation string
	keys      []string
	probe     func(context.Context) error
}

type callOptionFunc func(*callDescription)

func (f callOptionFunc) describe(c *callDescription) { f(c) }

// As names the operation of a call, for the taint of its keys: what failed under one operation is clean when the same one
// succeeds. The name is a constant of the program. Keys of a call without a name are clean only after hold.
func As(operation string) CallOption {
	return callOptionFunc(func(c *callDescription) { c.operation = operation })
}

// About names the targets of a call, as [Keys] makes them.
func About(keys ...string) CallOption {
	return callOptionFunc(func(c *callDescription) { c.keys = append(c.keys, keys...) })
}

// describe gives a probe to a dependency that has none.
func (o ProbeOption) describe(c *callDescription) { c.probe = o.probe }

// Call runs fn as a regular call of d: through its breaker, recorded, never repeated. fn gets ctx with the deadline of
// the policy. While the breaker is open fn does not run, and Call returns a zero value and a [*DependencyUnhealthyError];
// otherwise it returns what fn returns. A panic of fn goes on up and counts nothing.
//
// It is what the generated wrappers do, for code without an interface. Without options it costs what they cost; an option
// costs a lock and an allocation or two.
func Call[T any](ctx context.Context, d *Dependency, fn func(context.Context) (T, error), options ...CallOption) (T, error) {
	if d == nil {
		var none T
		return none, errors.New("guard: Call of a nil dependency: register one with HealthRegistry.Dependency")
	}
	if len(options) == 0 {
		return run(ctx, d.unnamed, fn, nil)
	}
	var c callDescription
	for _, option := range options {
		if option != nil {
			option.describe(&c)
		}
	}
	return run(ctx, d.callMethod(c), fn, c.keys)
}

func run[T any](ctx context.Context, m *Method, fn func(context.Context) (T, error), keys []string) (value T, err error) {
	attempt := m.Begin(ctx)
	if attempt.Admitted() {
		value, err = fn(attempt.Context(ctx))
		if attempt.Succeeded(err) {
			return value, err
		}
		if err == nil && m == m.dependency.unnamed {
			keys = nil // another call without a name may have failed about them
		}
	}
	return value, attempt.Settle(ctx, err, keys...)
}

// callMethod finds or makes the method of a hand-written call, and takes its probe if it brings one.
func (d *Dependency) callMethod(c callDescription) *Method {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.probe == nil {
		d.setProbe(c.probe, nil)
	}
	if c.operation == "" {
		return d.unnamed
	}
	id := "\x00" + c.operation
	m := d.methods[id]
	if m == nil && len(d.methods) >= operationLimit {
		return d.unnamed // names that vary: as if they had none
	}
	if m == nil {
		m = newMethod(d, MethodSpec{Name: c.operation})
		d.methods[id] = m
	}
	return m
}
