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
// succeeds. The name is a constant of the program. Default: "call".
func As(operation string) CallOption {
	return callOptionFunc(func(c *callDescription) { c.operation = operation })
}

// About names the targets of a call, as [Keys] makes them.
func About(keys ...string) CallOption {
	return callOptionFunc(func(c *callDescription) { c.keys = append(c.keys, keys...) })
}

func (o ProbeOption) describe(c *callDescription) { c.probe = o.probe }

// Call runs fn as a regular call of d: through its breaker, recorded, never repeated. fn gets ctx with the deadline of
// the policy. While the breaker is open fn does not run, and Call returns a zero value and a [*DependencyUnhealthyError];
// otherwise it returns what fn returns. A panic of fn goes on up and counts nothing.
//
// It is what the generated wrappers do, for code without an interface. Options cost an allocation or two.
func Call[T any](ctx context.Context, d *Dependency, fn func(context.Context) (T, error), options ...CallOption) (T, error) {
	var none T
	if d == nil {
		return none, errors.New("guard: Call of a nil dependency: register one with HealthRegistry.Dependency")
	}
	description := callDescription{operation: "call"}
	for _, option := range options {
		option.describe(&description)
	}
	attempt := d.callMethod(description).Begin(ctx)
	if !attempt.Admitted() {
		return none, attempt.Settle(ctx, nil, description.keys...)
	}
	value, err := fn(attempt.Context(ctx))
	if attempt.Succeeded(err) {
		return value, err
	}
	return value, attempt.Settle(ctx, err, description.keys...)
}

// callMethod finds or makes the method of a hand-written call, and takes its probe if it brings one.
func (d *Dependency) callMethod(c callDescription) *Method {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.probe != nil {
		d.probe = c.probe
	}
	id := "\x00" + c.operation
	m := d.methods[id]
	if m == nil {
		m = newMethod(d, MethodSpec{Name: c.operation})
		d.methods[id] = m
	}
	return m
}
