package guard

import (
	"context"
	"slices"
	"sync/atomic"
)

// A call may pass two guards on its way: that of a generated wrapper, and below it one of the transport, such as packages
// goredis and unixhttp attach. The upper one accounts for the breaker, so that a failure counts once; the lower one lets pass
// what it finds marked. The gate is skipped by neither: a destructive call that the upper one's gate let pass carries a
// permit, with which its first destructive command passes the lower one's, and further ones about the same keys: half of a
// destruction is worse than either. One about another key of the same kind asks for itself, as does one about no key, unless
// the gate was asked about none.

// layerKey finds the layer in a context.
type layerKey struct{}

// layer is the context of a call on its way, for the guard below. Safe for concurrent use.
type layer struct {
	context.Context

	dependency *Dependency
	above      *layer
	permit     *operation      // of a destructive call; nil: it carries no permit
	asked      moment          // before the gate gave it
	keys       map[string]bool // that the gate was asked about
	kinds      map[string]bool // of keys
	unproven   bool            // the gate let it pass without proof: in observe mode, or because somebody overrode it
	overriding bool            // somebody overrode the gate: it passes an open breaker, too
	spent      atomic.Bool
	ended      atomic.Bool // whoever kept the context is on his own
}

// Value finds the layer itself, and else what is in the context below.
func (l *layer) Value(key any) any {
	if key == (layerKey{}) {
		return l
	}
	return l.Context.Value(key)
}

func layerOf(ctx context.Context) *layer {
	l, _ := ctx.Value(layerKey{}).(*layer)
	return l
}

// AsTransport registers the guard of a transport: one that stands below the generated wrappers of the dependency, and
// sees what they send. From then on their calls are marked for it; see [Dependency.Encloses]. A zero policy shares whatever
// is known of the dependency, as with [HealthRegistry.Dependency].
func AsTransport() Option {
	return optionFunc(func(r *registration) { r.transport = true })
}

// Encloses reports whether ctx belongs to a call of d that is on its way: whoever began it records its outcome. For the
// guards of transports.
func (d *Dependency) Encloses(ctx context.Context) bool {
	for l := layerOf(ctx); l != nil; l = l.above {
		if l.dependency == d && !l.ended.Load() {
			return true
		}
	}
	return false
}

// Allow asks the gate like [Method.Ask], for a destructive call whose outcome another attempt records: it is one of
// several commands that travel together, or belongs to a call that encloses it. It returns a [*DestructiveDeniedError], or
// nil.
func (m *Method) Allow(ctx context.Context, keys ...string) error {
	if m.takePermit(ctx, keys) != nil {
		return nil
	}
	r := m.dependency.registry
	v, _ := r.ask(ctx, m.operation, keys)
	if denial := r.denied(m.operation, v); denial != nil {
		return denial
	}
	r.unseen.forget(keys...)
	return nil
}

// takePermit takes the permit that a call above carries for a command about keys, if m is a transport's and that call's
// gate has required the dependency; it returns that call, or nil. A permit is worth as much as the proof behind it: nothing
// once the dependency has failed since, or max-age later. One without proof is worth as much as the decision that
// asked for none: that of an operation in observe mode, or of a person, whom nothing but isolation stops.
func (m *Method) takePermit(ctx context.Context, keys []string) *layer {
	d := m.dependency
	if !m.transport {
		return nil
	}
	l := layerOf(ctx)
	for ; l != nil; l = l.above {
		if l.permit != nil && !l.ended.Load() && l.dependency.registry == d.registry && (d.required || l.dependency == d) {
			break
		}
	}
	switch {
	case l == nil, d.word.Load()&refusing != 0 && !(l.overriding && d.registry.ctx.Err() == nil && d.isOnlyOpen()):
		return nil
	case l.unproven:
	default:
		failed := max(moment(d.lastFailure.Load()), moment(d.lastRefusal.Load()))
		if failed >= l.asked || d.registry.clock.now() > l.asked.add(d.policy.MaxAge) {
			return nil
		}
	}
	switch {
	case l.isAbout(keys):
		l.spent.Store(true)
		return l
	case len(l.keys) > 0 && (len(keys) == 0 || l.knows(keys)):
		return nil // FLUSHALL is not what a call about a topic was allowed, nor is another topic
	case l.spent.CompareAndSwap(false, true):
		return l
	}
	return nil
}

// knows reports whether one of keys is of a kind that the gate was asked about, so that it would have been asked about that
// one, too.
func (l *layer) knows(keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return l.kinds[keyKind(key)] })
}

// isAbout reports whether the gate was asked about all of keys, which are some.
func (l *layer) isAbout(keys []string) bool {
	return len(keys) > 0 && !slices.ContainsFunc(keys, func(key string) bool { return !l.keys[key] })
}

// isOnlyOpen reports whether it is the breaker that refuses calls, and nobody has isolated the dependency.
func (d *Dependency) isOnlyOpen() bool {
	refusal := d.refusal.Load()
	return refusal != nil && refusal.Isolated == ""
}

// Regular returns the method of an operation that the Spec does not list: a regular one with the policy's timeout, made
// when it is first asked for, to be kept. Operations are constant names of the program or of a protocol; beyond a
// thousand all share one. It panics unless the wrapper is a transport's.
func (w *Wrapper) Regular(operation string) *Method {
	if !w.transport {
		panic("guard: Regular of a wrapper that is not registered with AsTransport")
	}
	d := w.dependency
	spec := MethodSpec{Name: operation}
	id := w.spec.methodID(spec)
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.methods[id]; m != nil {
		return m
	}
	if len(d.methods) >= operationLimit {
		return d.unnamed // names that vary: as if they had none
	}
	m := newTransportMethod(d, spec)
	d.methods[id] = m
	return m
}
