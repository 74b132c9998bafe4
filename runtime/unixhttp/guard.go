package unixhttp

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	guard "github.com/guardgen/guardgen/runtime"
)

// Rules say what the requests of a guarded transport are.
type Rules struct {
	// Name of the dependency. Default: "api".
	Name string
	// Operation names what a request does, and says what the guard does with it. Names are constants of the program, such
	// as "EndSession"; more than 256 share one. A name belongs to one class. Default: the HTTP method is the name, and
	// DELETE is destructive.
	Operation func(*http.Request) (name string, class guard.Class)
	// Keys names the targets of a request, as guard.Keys makes them. It is called when they are needed: before a
	// destructive request, and after one that failed. Default: "path:" and the path of the URL.
	Keys func(*http.Request) []string
	// Budgets of destructive operations, by name. Default: the registry's, ten in any minute.
	Budgets map[string]guard.Budget
	// Probe is the path of the health check; see [Transport.Probe]. Default: "/healthz", unless somebody else has
	// registered the dependency with a probe of its own.
	Probe string
}

// operationLimit is how many operations a transport tells apart.
const operationLimit = 256

// Guard puts the transport behind the registry: from here on each request runs through the breaker of the dependency, and a
// destructive one through the gate first. What is refused ends with the guard's error. The outcome of a request is known
// when its body has been read or closed: an answer that is cut short is a failure. So are 429 and 5xx, which are answers to
// the caller nevertheless.
//
// The dependency is registered under rules.Name, with [Classify] as its classifier and a probe of its own, or shared, if it
// is known. options are those of guard.HealthRegistry.Dependency; they beat the rules.
//
// A generated wrapper above, of the same dependency, accounts for its calls, so that a failure counts once; the guard of
// the transport accounts for requests that go round the wrapper, and for what is left of a body when the wrapper's call
// has ended. Call Guard after the wrapper's constructor, so that it takes over the wrapper's policy. The gate is asked by
// both: what the wrapper's let pass carries a permit for its first destructive request, and for further ones about the keys
// of the call, if Rules.Keys calls them the same.
//
// It returns an error that says what to do if registry or transport is nil, or closed, if the transport has a guard
// already, or if the dependency cannot be registered.
func Guard(registry *guard.HealthRegistry, transport *Transport, rules Rules, options ...guard.Option) error {
	switch {
	case registry == nil:
		return errors.New("unixhttp: the registry is nil: make one with guard.NewHealthRegistry")
	case transport == nil:
		return errors.New("unixhttp: the transport is nil: make one with unixhttp.NewTransport")
	case transport.closed.Load():
		return fmt.Errorf("%w: guard it before it is closed", ErrClosed)
	}
	if err := transport.unguarded(registry); err != nil {
		return err
	}
	if rules.Name == "" {
		rules.Name = "api"
	}
	policy, probe := guard.Policy{Classify: Classify}, rules.Probe
	_, known := registry.Health(rules.Name)
	if known {
		policy = guard.Policy{} // whatever it is
	} else if probe == "" {
		probe = "/healthz"
	}
	options = append(slices.Clone(options), guard.AsTransport())
	if probe != "" {
		check, err := transport.Probe(probe)
		if err != nil {
			return err
		}
		options = append([]guard.Option{guard.WithProbe(check)}, options...)
	}
	dependency, err := registry.Dependency(rules.Name, policy, options...)
	if err != nil {
		return err
	}
	if !transport.guard.CompareAndSwap(nil, newAttached(registry, dependency, known, rules)) {
		return transport.unguarded(registry)
	}
	return nil
}

// unguarded returns an error if t has a guard.
func (t *Transport) unguarded(registry *guard.HealthRegistry) error {
	switch g := t.guard.Load(); {
	case g == nil:
		return nil
	case g.registry != registry:
		return fmt.Errorf("unixhttp: this transport is guarded already, as %q in another registry: a program has one registry, or each its own transport", g.dependency.Name())
	default:
		return fmt.Errorf("unixhttp: this transport is guarded already, as %q: guard it once", g.dependency.Name())
	}
}

// attached is the guard of a transport. Safe for concurrent use.
type attached struct {
	registry   *guard.HealthRegistry
	dependency *guard.Dependency
	shared     bool // its classifier knows the errors of a client above, and not ours
	rules      Rules

	mu      sync.Mutex                                  // held while a method is registered
	methods atomic.Pointer[map[operation]*guard.Method] // never changed, only replaced
}

// operation identifies a method.
type operation struct {
	name  string
	class guard.Class
}

func newAttached(registry *guard.HealthRegistry, dependency *guard.Dependency, shared bool, rules Rules) *attached {
	if rules.Operation == nil {
		rules.Operation = byMethod
	}
	if rules.Keys == nil {
		rules.Keys = byPath
	}
	g := &attached{registry: registry, dependency: dependency, shared: shared, rules: rules}
	g.methods.Store(new(map[operation]*guard.Method))
	return g
}

func byMethod(r *http.Request) (string, guard.Class) {
	switch {
	case r.Method == "":
		return http.MethodGet, guard.Regular
	case strings.EqualFold(r.Method, http.MethodDelete): // some servers take it in any case
		return http.MethodDelete, guard.Destructive
	default:
		return r.Method, guard.Regular
	}
}

func byPath(r *http.Request) []string { return guard.Keys("path", r.URL.Path) }

// keys are the targets of a request. A function of the program's that panics could not read them, which the gate denies, and a
// failure is counted all the same.
func (g *attached) keys(request *http.Request) (keys []string) {
	defer func() {
		if recover() != nil {
			keys = guard.Keys("path", nil)
		}
	}()
	return g.rules.Keys(request)
}

// method returns the method of an operation, registered at its first request.
func (g *attached) method(o operation) (*guard.Method, error) {
	if m := (*g.methods.Load())[o]; m != nil {
		return m, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	known := *g.methods.Load()
	if len(known) >= operationLimit {
		o.name = "other " + o.class.String()
	}
	if m := known[o]; m != nil {
		return m, nil
	}
	spec := guard.MethodSpec{Name: o.name, Class: o.class, Timeout: guard.NoTimeout, Outlives: true}
	if o.class == guard.Destructive {
		spec.Budget = g.rules.Budgets[o.name]
	}
	all := guard.Spec{Interface: "unixhttp.Transport", Dependency: g.dependency.Name(), Methods: []guard.MethodSpec{spec}}
	w, err := guard.NewWrapper(g.registry, all, g, nil, guard.AsTransport())
	if err != nil {
		return nil, fmt.Errorf("unixhttp: operation %s: %w", o.name, err)
	}
	more := make(map[operation]*guard.Method, len(known)+1)
	for k, m := range known {
		more[k] = m
	}
	m := w.Method(o.name)
	more[o] = m
	g.methods.Store(&more)
	return m, nil
}

// roundTrip is a guarded request.
func (g *attached) roundTrip(t *Transport, request *http.Request) (*http.Response, error) {
	c, err := g.begin(request)
	if err != nil {
		closeBody(request)
		return nil, err
	}
	response, limit, err := t.exchange(request)
	if err != nil {
		c.end(err)
		return nil, err
	}
	if response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError {
		status := newStatusError(response)
		status.Refusal = t.peek(response)
		c.end(status)
		c = call{}
	}
	t.wrap(response, limit, c)
	return response, nil
}

// begin asks the guard to let a request run. If it belongs to a call of a wrapper above, that one accounts for it; the gate
// is asked all the same, unless the call carries its permit.
func (g *attached) begin(request *http.Request) (call, error) {
	ctx := request.Context()
	name, class := g.rules.Operation(request)
	m, err := g.method(operation{name, class})
	if err != nil {
		return call{}, err
	}
	c := call{attached: g, request: request, enclosed: g.dependency.Encloses(ctx)}
	switch {
	case c.enclosed && class == guard.Destructive:
		return call{}, m.Allow(ctx, g.keys(request)...)
	case class == guard.Destructive:
		c.attempt = m.Ask(ctx, g.keys(request)...)
	default:
		c.attempt = m.Begin(ctx)
	}
	switch {
	case c.attempt.Admitted():
		return c, nil
	case c.enclosed: // it is the trial
		return call{}, nil
	}
	return call{}, c.attempt.Settle(ctx, nil, g.keys(request)...)
}

// call is a request on its way, from its admission to the end of the body of its answer. The zero value is one that is of no
// concern.
type call struct {
	attached *attached
	attempt  guard.Attempt
	request  *http.Request
	enclosed bool // a call above accounts for it, as long as that lasts: the body may last longer
}

// end says how it ended. It is called once.
func (c call) end(err error) {
	switch {
	case c.attached == nil:
	case c.enclosed && (err == nil || c.attached.dependency.Encloses(c.request.Context())):
	case c.attempt.Succeeded(err):
	default:
		c.settle(err)
	}
}

// settle ends a call that failed, or that has something to recover from. The error of an attempt that ran is err itself.
func (c call) settle(err error) {
	ctx, keys := c.request.Context(), c.attached.keys(c.request)
	if c.attached.shared {
		_ = c.attempt.SettleAs(ctx, Classify(ctx, err), err, keys...)
		return
	}
	_ = c.attempt.Settle(ctx, err, keys...)
}

// over is the error of the caller's context.
func (c call) over() error {
	if c.attached == nil {
		return nil
	}
	return c.request.Context().Err()
}
