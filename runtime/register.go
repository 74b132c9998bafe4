package guard

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"time"
)

// GeneratedCodeV1 ties generated files to a runtime that speaks their language.
const GeneratedCodeV1 = 1

// Spec is what the annotations of one interface say. Generated files hold one.
type Spec struct {
	Interface  string // import path and name: the identity of the interface across wrappers
	Dependency string
	Policy     Policy
	Methods    []MethodSpec
}

// MethodSpec is what the annotations of one method say. Methods passed through unguarded are not listed.
type MethodSpec struct {
	Name    string
	Budget  Budget        // of a destructive method; zero: the registry's
	Timeout time.Duration // zero: the policy's; [NoTimeout]: none
	Class   Class
	Mode    Mode // of a destructive method; Observe makes it start in observe mode
	// Outlives says that a result outlives the call, so that no deadline may cut it: it needs NoTimeout if the policy has
	// a timeout.
	Outlives bool
}

// Option changes how a dependency is registered. It beats the annotations.
type Option interface{ apply(*registration) }

// registration is what a constructor asks for.
type registration struct {
	spec       Spec
	probe      func(context.Context) error
	generation func(context.Context) (string, error)
	annotated  bool // the probe is a method of the client
	transport  bool // see AsTransport
	err        error
	known      func(dependency string) (Policy, bool)
}

type optionFunc func(*registration)

func (f optionFunc) apply(r *registration) { f(r) }

// Named registers under another name: for a second instance of a dependency.
func Named(name string) Option {
	return optionFunc(func(r *registration) { r.spec.Dependency = name })
}

// WithPolicy changes the policy that the annotations give, field by field.
func WithPolicy(change func(*Policy)) Option {
	return optionFunc(func(r *registration) {
		if change != nil {
			change(&r.spec.Policy)
		}
	})
}

// SharePolicy takes the policy under which the dependency is registered already, if it is, in place of that of the
// annotations. Options behind it still change that. For constructors of wrappers around a client which has a guard of its
// own.
func SharePolicy() Option {
	return optionFunc(func(r *registration) {
		if known, ok := r.known(r.spec.Dependency); ok {
			r.spec.Policy = known
		}
	})
}

// WithMethod changes what the annotations of a method give: its budget, its mode, its timeout.
func WithMethod(name string, change func(*MethodSpec)) Option {
	return optionFunc(func(r *registration) {
		for i := range r.spec.Methods {
			if r.spec.Methods[i].Name == name && change != nil {
				change(&r.spec.Methods[i])
				return
			}
		}
		r.err = errors.Join(r.err, fmt.Errorf("WithMethod: %s has no guarded method %s", r.spec.Interface, name))
	})
}

// ProbeOption is an [Option] and a [CallOption].
type ProbeOption struct{ probe func(context.Context) error }

// WithProbe sets the lightweight health check of a dependency; it beats //guard:probe. The newest one counts. It is run
// one at a time, in a goroutine of its own, under a context that ends after probe-timeout; one that hangs or panics has
// failed.
func WithProbe(probe func(context.Context) error) ProbeOption { return ProbeOption{probe} }

func (o ProbeOption) apply(r *registration) {
	if o.probe != nil {
		r.probe, r.annotated = o.probe, false
	}
}

// WithGeneration sets how to tell whether a dependency is still the one that it was: a server that was restarted empty or
// from an old snapshot, emptied, or replaced by another one, answers fast and wrong. read returns anything that changes
// then: the server's run id, a marker that was written when it was missing, or both. It runs with each probe, after it
// succeeded and within its timeout; its error is judged like the probe's. A change, also to or from "", opens an episode
// and makes everything worthless that was proven before. The newest read counts; all of a dependency must say the same in
// the same words.
//
// Such a dependency is probed at each probe-interval, whatever its traffic, and each ask of the gate waits for a probe
// that began after it; asks at the same time share one, and they start at least 50 ms apart.
func WithGeneration(read func(context.Context) (string, error)) Option {
	return optionFunc(func(r *registration) { r.generation = read })
}

// Wrapper is what a generated constructor gets for its client.
type Wrapper struct {
	spec       Spec
	transport  bool
	dependency *Dependency
	methods    map[string]*Method
}

// Dependency is what the wrapper guards.
func (w *Wrapper) Dependency() *Dependency { return w.dependency }

// NewWrapper registers the dependency of spec, or shares it, for a generated wrapper around client. probe is the method
// annotated //guard:probe, or nil. Making a second wrapper is cheap, and its probe wins, except over that of a transport
// (see [AsTransport]), which does not wait behind the calls of the client.
//
// It returns an error that says what to do if registry or client is nil, if the policy is invalid or differs from the
// one under which the dependency is known, or if a probe is needed and missing.
func NewWrapper(registry *HealthRegistry, spec Spec, client any, probe func(context.Context) error, options ...Option) (*Wrapper, error) {
	if registry == nil {
		return nil, fmt.Errorf("%w (wrapping %s)", errNilRegistry, spec.Interface)
	}
	if isNil(client) {
		return nil, fmt.Errorf("guard: the %s to wrap is nil", spec.Interface)
	}
	spec.Methods = append([]MethodSpec(nil), spec.Methods...)
	asked := registration{spec: spec, probe: probe, annotated: probe != nil}
	d, err := registry.register(&asked, options)
	if err != nil {
		return nil, err
	}
	w := &Wrapper{spec: asked.spec, transport: asked.transport, dependency: d, methods: make(map[string]*Method, len(asked.spec.Methods))}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range asked.spec.Methods {
		w.methods[m.Name] = d.methods[asked.spec.methodID(m)]
	}
	return w, nil
}

// Method returns a guarded method. It panics if the Spec does not list it, which only a changed generated file can cause.
func (w *Wrapper) Method(name string) *Method {
	if m := w.methods[name]; m != nil {
		return m
	}
	panic("guard: the Spec lists no method " + name)
}

// Dependency registers a dependency under name, or shares the one that is known; a different policy for a known name is an
// error that names both, but a zero one shares whatever is known. For hand-written use with [Call]; generated constructors
// register their own. A critical dependency needs [WithProbe].
func (r *HealthRegistry) Dependency(name string, policy Policy, options ...Option) (*Dependency, error) {
	if r == nil {
		return nil, errNilRegistry
	}
	return r.register(&registration{spec: Spec{Dependency: name, Policy: policy}}, options)
}

// methodID identifies a method of a dependency across wrappers.
func (s Spec) methodID(m MethodSpec) string { return s.Interface + "." + m.Name }

// owner names who registers, for messages.
func (s Spec) owner() string {
	if s.Interface == "" {
		return "a call of Dependency"
	}
	return s.Interface
}

func (r *HealthRegistry) register(asked *registration, options []Option) (*Dependency, error) {
	d, err := r.admitRegistration(asked, options)
	if err == nil && r.welcome != nil {
		r.welcome(d.name)
	}
	return d, err
}

func (r *HealthRegistry) admitRegistration(asked *registration, options []Option) (*Dependency, error) {
	asked.known = r.policyOf
	for _, option := range options {
		if option != nil {
			option.apply(asked)
		}
	}
	spec := &asked.spec
	anyPolicy := (spec.Interface == "" || asked.transport) && reflect.ValueOf(spec.Policy).IsZero()
	spec.Policy = spec.Policy.withDefaults()
	if err := asked.validate(); err != nil {
		return nil, fmt.Errorf("guard: dependency %q of %s: %w", spec.Dependency, spec.owner(), err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return nil, fmt.Errorf("%w: dependency %q cannot be registered any more", ErrClosed, spec.Dependency)
	}
	d := r.dependencies[spec.Dependency]
	if d != nil && !anyPolicy {
		if ours, theirs := d.policy.differences(spec.Policy); ours != "" {
			return nil, fmt.Errorf("guard: two policies for dependency %q: %s says %s, %s says %s; give both the same options, let the second take the policy of the first with guard.SharePolicy, or give one another name with guard.Named",
				spec.Dependency, d.owner, ours, spec.owner(), theirs)
		}
	}
	if asked.probe == nil && (d == nil || !d.hasProbe()) {
		if why := spec.needsProbe(slices.Contains(r.requires, spec.Dependency)); why != "" {
			return nil, fmt.Errorf("guard: dependency %q of %s has no probe, and %s: mark a method with //guard:probe, or pass guard.WithProbe",
				spec.Dependency, spec.owner(), why)
		}
	}
	if asked.generation != nil && asked.probe == nil && (d == nil || !d.hasProbe()) {
		return nil, fmt.Errorf("guard: dependency %q of %s has a generation and no probe that would read it: pass guard.WithProbe",
			spec.Dependency, spec.owner())
	}
	policy := spec.Policy
	if d != nil {
		policy = d.policy
	}
	if err := r.noticesInTime(spec, policy); err != nil {
		return nil, err
	}
	if d == nil {
		d = r.newDependency(spec)
		r.dependencies[spec.Dependency] = d
		r.batching.Store(len(r.dependencies) >= batchedFrom)
		r.critical = nil
		r.disturb() // it may be required
		if d.required {
			r.longestHold.Store(max(r.longestHold.Load(), int64(d.policy.Hold)))
		}
	}
	return d, d.adopt(asked)
}

// policyOf returns the policy of a dependency that is registered.
func (r *HealthRegistry) policyOf(dependency string) (Policy, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d, ok := r.dependencies[dependency]
	if !ok {
		return Policy{}, false
	}
	return d.policy, true
}

// needsProbe says why a dependency cannot do without a probe.
func (s *Spec) needsProbe(required bool) string {
	regular := len(s.Methods) == 0
	for _, m := range s.Methods {
		if m.Class == Destructive {
			return "its method " + m.Name + " is destructive"
		}
		regular = regular || m.Class == Regular
	}
	switch {
	case !s.Policy.Optional || required:
		return "it is critical"
	case !regular:
		return "it has no regular method that could find out that it works again"
	}
	return ""
}

var (
	validName = regexp.MustCompile(`^[a-z0-9][a-z0-9._:/-]*$`)
	errName   = errors.New("want a name of lower-case letters, digits and - . _ : /")
)

// destroys reports whether a method of the interface is destructive.
func (s *Spec) destroys() bool {
	return slices.ContainsFunc(s.Methods, func(m MethodSpec) bool { return m.Class == Destructive })
}

// validate reports everything that is wrong with what was asked for.
func (r *registration) validate() error {
	problems := []error{r.err, r.spec.Policy.validate()}
	if !validName.MatchString(r.spec.Dependency) {
		problems = append(problems, errName)
	}
	seen := make(map[string]bool)
	for _, m := range r.spec.Methods {
		if seen[m.Name] {
			problems = append(problems, fmt.Errorf("method %s is listed twice", m.Name))
		}
		seen[m.Name] = true
		if m.Timeout < 0 && m.Timeout != NoTimeout {
			problems = append(problems, fmt.Errorf("method %s: timeout=%s: must not be negative", m.Name, m.Timeout))
		}
		if m.Class == Destructive && m.Budget != (Budget{}) {
			if err := m.Budget.validate(); err != nil {
				problems = append(problems, fmt.Errorf("method %s: %w", m.Name, err))
			}
		}
		if m.Outlives && m.timeout(r.spec.Policy) != 0 {
			problems = append(problems, fmt.Errorf("method %s: its result outlives the call, so that timeout=%s would cut it; "+
				"give it timeout=none", m.Name, shortDuration(m.timeout(r.spec.Policy))))
		}
	}
	return errors.Join(problems...)
}

// timeout is the deadline of each call of the method; zero for none.
func (m MethodSpec) timeout(p Policy) time.Duration {
	switch m.Timeout {
	case 0:
		return p.Timeout
	case NoTimeout:
		return 0
	default:
		return m.Timeout
	}
}

// newDependency makes a dependency that nobody knows yet. Requires r.mu.
func (r *HealthRegistry) newDependency(spec *Spec) *Dependency {
	now := r.clock.now()
	d := &Dependency{
		tick: &r.clock.tick, registry: r, name: spec.Dependency, policy: spec.Policy, owner: spec.owner(), registered: now,
		required: !spec.Policy.Optional || slices.Contains(r.requires, spec.Dependency),
		engine:   newEngine(spec.Policy), methods: make(map[string]*Method), changedAt: now,
		watchAt: now.add(jittered(spec.Policy.ProbeInterval, r.random)),
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unnamed = newMethod(d, MethodSpec{Name: "call"})
	d.timer = time.AfterFunc(time.Hour, d.turn)
	d.timer.Stop()
	d.setFlags(false)
	if d.required {
		r.hearing.lose(d, 1) // since the beginning, until it is proven
	}
	return d
}

// adopt adds the methods of a registration to d, and takes its probe. Requires the registry's lock.
func (d *Dependency) adopt(asked *registration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, spec := range asked.spec.Methods {
		id := asked.spec.methodID(spec)
		if known := d.methods[id]; known != nil {
			if known.spec != spec {
				return fmt.Errorf("guard: %s is known with other options: give all its wrappers the same", d.name+"/"+id)
			}
			continue
		}
		m := newMethod(d, spec)
		if asked.transport {
			m = newTransportMethod(d, spec)
		}
		if spec.Class == Destructive {
			m.operate(d.name + "/" + id)
		}
		d.methods[id] = m
	}
	if asked.annotated && d.layered.Load() && d.probe != nil {
		asked.probe = nil // the transport's has a connection of its own
	}
	d.setProbe(asked.probe, asked.generation)
	if asked.transport && !d.layered.Load() {
		d.layered.Store(true)
		d.registry.layered.Store(true)
		d.registry.suspects.restop(d.unnamed)
		for _, m := range d.methods {
			d.registry.suspects.restop(m)
		}
	}
	return nil
}

// operate gives a destructive method its operation. Requires the registry's lock.
func (m *Method) operate(id string) {
	r := m.dependency.registry
	budget := m.spec.Budget
	if budget == (Budget{}) {
		budget = r.budget
	}
	m.operation = r.operationLocked(id, m.spec.Name, m.dependency, budget)
	if m.spec.Mode == Observe {
		m.operation.mode.CompareAndSwap(0, int32(Observe)+1)
	}
}

func (d *Dependency) hasProbe() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.probe != nil
}

// isNil reports whether v is nil, or holds a nil pointer or function.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Func:
		return value.IsNil()
	default:
		return false
	}
}
