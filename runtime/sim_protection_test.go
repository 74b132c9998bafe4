package guard

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// protectionKind is what stands between a service and its dependencies.
type protectionKind uint8

const (
	bare      protectionKind = iota // nothing: the calls of the raw clients
	naive                           // a circuit breaker, and destructive calls run while none is open
	guardedBy                       // this package
)

// String names it in messages.
func (k protectionKind) String() string {
	return [...]string{"raw clients", "naive breaker", "guard"}[k]
}

// simMethod is one method of a server's client.
type simMethod struct {
	server *simServer
	name   string
	writes bool
	method *Method // guarded
}

// pass is one call on its way through a protection.
type pass interface {
	Admitted() bool
	end(ctx context.Context, err error, keys []string) error // after the call, or instead of it
}

// protection decides about calls.
type protection interface {
	begin(ctx context.Context, m *simMethod) pass
	ask(ctx context.Context, m *simMethod, keys []string) pass // may block
}

// rawClients lets everything pass.
type rawClients struct{}

type freePass struct{}

func (freePass) Admitted() bool                                     { return true }
func (freePass) end(_ context.Context, err error, _ []string) error { return err }
func (rawClients) begin(context.Context, *simMethod) pass           { return freePass{} }
func (rawClients) ask(context.Context, *simMethod, []string) pass   { return freePass{} }

// naiveBreakers is what many services have: a breaker for each dependency, which opens at five failures in a row, lets one
// call try after a while, and whose state is taken for the answer to "may this be destroyed".
type naiveBreakers struct {
	sim      *sim
	breakers map[*simServer]*naiveBreaker
}

type naiveBreaker struct {
	sim       *sim
	failures  int
	openUntil time.Duration
	open      bool
	trying    bool
}

var errNaiveOpen = errors.New("circuit open")

func (n *naiveBreakers) begin(_ context.Context, m *simMethod) pass {
	return n.breakers[m.server].admit()
}

func (n *naiveBreakers) ask(_ context.Context, m *simMethod, _ []string) pass {
	for _, b := range n.breakers {
		if b.open {
			return naivePass{breaker: b}
		}
	}
	return n.breakers[m.server].admit()
}

func (b *naiveBreaker) admit() pass {
	if b.open && (b.trying || b.sim.now < b.openUntil) {
		return naivePass{breaker: b}
	}
	b.trying = b.open
	return naivePass{breaker: b, admitted: true}
}

type naivePass struct {
	breaker  *naiveBreaker
	admitted bool
}

func (p naivePass) Admitted() bool { return p.admitted }

func (p naivePass) end(_ context.Context, err error, _ []string) error {
	b := p.breaker
	switch {
	case !p.admitted:
		return errNaiveOpen
	case err == nil:
		b.failures, b.open, b.trying = 0, false, false
	default:
		if b.failures++; b.failures >= 5 {
			b.open, b.trying, b.openUntil = true, false, b.sim.now+5*time.Second
		}
	}
	return err
}

// theRuntime is what this package is for.
type theRuntime struct{}

type guardPass struct{ Attempt }

func (theRuntime) begin(ctx context.Context, m *simMethod) pass {
	return guardPass{m.method.Begin(ctx)}
}

func (theRuntime) ask(ctx context.Context, m *simMethod, keys []string) pass {
	return guardPass{m.method.Ask(ctx, keys...)}
}

func (p guardPass) end(ctx context.Context, err error, keys []string) error {
	if p.Admitted() && p.Succeeded(err) {
		return nil
	}
	return p.Settle(ctx, err, keys...)
}

// protect puts what the story asks for between the process and its servers.
func (p *process) protect() {
	switch p.sim.kind {
	case bare:
		p.protection = rawClients{}
	case naive:
		p.protection = &naiveBreakers{p.sim, map[*simServer]*naiveBreaker{p.sim.api: {sim: p.sim}, p.sim.redis: {sim: p.sim}}}
	case guardedBy:
		p.protection = theRuntime{}
		p.guard()
	}
}

// guard makes a registry, and wrappers as guardgen writes them.
func (p *process) guard() {
	s := p.sim
	options := []RegistryOption{WithLogger(slog.New(slog.DiscardHandler))}
	if !s.secret {
		options = append(options, WithTTL(s.ttl))
	}
	if p.incarnation == 0 { // the story begins when the process has long been running
		options = append(options, WithStartHold(0))
	}
	p.registry = NewHealthRegistry(options...)
	p.registry.clock.wallShift.Store(int64(s.shift))
	p.registry.random = s.jitter
	policy := Policy{
		Threshold: s.threshold, Backoff: Backoff{Min: time.Second, Max: s.backoff},
		ProbeTimeout: s.probeTimeout, ProbeInterval: s.probeInterval,
		Hold: s.hold, Reconnect: s.reconnect(), Classify: classifySim,
	}
	p.wrap(s.api, policy, p.list, p.touch, p.end)
	p.wrap(s.redis, policy, p.beat, p.lastSeen, p.publish, p.deleteTopic)
}

func (p *process) wrap(v *simServer, policy Policy, methods ...*simMethod) {
	spec := Spec{Interface: "sim." + v.name, Dependency: v.name, Policy: policy}
	for _, m := range methods {
		ms := MethodSpec{Name: m.name}
		if m == p.end || m == p.deleteTopic {
			ms.Class, ms.Budget = Destructive, p.sim.budget
		}
		spec.Methods = append(spec.Methods, ms)
	}
	var more []Option
	if v == p.sim.redis && p.sim.generations {
		more = append(more, WithGeneration(v.readGeneration))
	}
	wrapper, err := NewWrapper(p.registry, spec, v, v.probe(p, p.sim.probeWrites), more...)
	if err != nil {
		panic(err) // a story draws only what the runtime accepts
	}
	for _, m := range methods {
		m.method = wrapper.Method(m.name)
	}
}
