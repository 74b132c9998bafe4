package goredis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// Guarded is the guard of one client. Safe for concurrent use.
type Guarded struct {
	registry   *guard.HealthRegistry
	dependency *guard.Dependency
	client     redis.UniversalClient
	probe      *prober // nil if the program brings its own

	classify func(context.Context, error) guard.Outcome
	keyNames func(key string) []string
	index    index                                    // of the destructive commands
	gate     map[string]*guard.Method                 // by the name of a destructive command
	regular  atomic.Pointer[map[string]*guard.Method] // by the name of every other one, as far as they were sent
	growing  sync.Mutex                               // guards the replacement of regular
	wrapper  *guard.Wrapper
	blocking *guard.Method // commands that wait at the server
	pipeline *guard.Method
	pubsub   *guard.Method

	marks     [2]mark      // of what is let through, see inside
	dials     atomic.Int64 // begun so far
	deadDials atomic.Int64 // moment of the last one that failed, in nanoseconds of the wall clock
	answered  atomic.Int64 // likewise, of the last probe that succeeded
	streaming sync.Once    // said that a full-duplex pipeline goes round the guard
}

// Guard puts client behind the guard of a dependency in registry, "redis" unless [Name] says otherwise. client is a
// *redis.Client, also of a sentinel, a *redis.ClusterClient or a *redis.Ring. It stays the one to use; all that shares its
// hooks is guarded: pipelines, transactions, connections, nodes; not what its WithTimeout makes, which has none.
//
// Guard itself sends nothing. It returns an error that says what to do if registry or client is nil, if the client is
// closed, of another type, guarded already, or set up for a full-duplex auto-pipeline or a client-side cache; if the name
// belongs to another server; if an option contradicts itself; and with [Strict] if a setting of the client would make the
// breaker slow to learn, which else is a warning in the log of the registry.
//
// Guard a client before its first command: a cluster's nodes that are known by then are not guarded themselves, so that its
// Watch, ForEachMaster and ForEachShard would go round the guard.
func Guard(registry *guard.HealthRegistry, client redis.UniversalClient, options ...Option) (*Guarded, error) {
	if registry == nil {
		return nil, errors.New("goredis: the registry is nil: make one with guard.NewHealthRegistry")
	}
	c := newConfig()
	for _, option := range options {
		if option != nil {
			option(c)
		}
	}
	settings, err := settingsOf(client)
	if err != nil {
		return nil, err
	}
	if Closed(client) {
		return nil, errors.New("goredis: the client is closed: make a new one, and guard it")
	}
	if other := Of(client); other != nil {
		return nil, taken(registry, other)
	}
	g := &Guarded{
		registry: registry, client: client, classify: c.classify, keyNames: c.keyNames,
		gate: make(map[string]*guard.Method),
	}
	g.marks = [2]mark{{of: g}, {of: g, destroys: true}}
	rows, err := c.rows()
	if err := errors.Join(c.check(), err); err != nil {
		return nil, fmt.Errorf("goredis: %w", err)
	}
	if g.index, err = newIndex(rows); err != nil {
		return nil, fmt.Errorf("goredis: %w", err)
	}
	if err := settings.check(c, registry.Logger(), client); err != nil { // last, because it warns
		return nil, fmt.Errorf("goredis: %w", err)
	}
	if other := elsewhere(registry, c.name, client); other != "" {
		return nil, fmt.Errorf("goredis: %q is the client of another server already (%s, and this one is of %s): give one of them a goredis.Name of its own, because a probe of one says nothing about the other",
			c.name, other, serverOf(client))
	}
	if err := g.register(c, rows); err != nil {
		return nil, err
	}
	if !g.attach() {
		return nil, errors.Join(taken(registry, Of(client)), g.Close())
	}
	return g, nil
}

// taken says that a client is guarded already.
func taken(registry *guard.HealthRegistry, by *Guarded) error {
	name := by.dependency.Name()
	if by.registry == registry {
		return fmt.Errorf("goredis: this client is guarded already, as %q: use what Guard returned then, or goredis.Of(client)", name)
	}
	return fmt.Errorf("goredis: this client is guarded already, as %q in another registry: a program has one registry, or each its own client", name)
}

// register makes the dependency known, with its methods and its probe.
func (g *Guarded) register(c *config, rows []Command) error {
	spec := guard.Spec{Interface: "goredis.Guard", Dependency: c.name, Policy: c.policy, Methods: []guard.MethodSpec{
		{Name: blockingMethod, Timeout: guard.NoTimeout}, {Name: pipelineMethod}, {Name: subscribeMethod},
	}}
	for _, row := range rows {
		if g.gate[row.Name] != nil {
			continue // another condition of the same command
		}
		g.gate[row.Name] = &guard.Method{} // until it is registered
		method := guard.MethodSpec{Name: row.Name, Class: guard.Destructive, Budget: guard.NoBudget}
		if row.Tier == Server {
			method.Budget = guard.Budget{} // the registry's
		}
		if blocking([]any{row.Name}) {
			method.Timeout = guard.NoTimeout
		}
		spec.Methods = append(spec.Methods, method)
	}
	_, known := g.registry.Health(c.name)
	if !known && spec.Policy.Classify == nil {
		spec.Policy.Classify = c.classify // what nobody has said yet
	}
	options := append([]guard.Option{guard.AsTransport(), g.probing(c)}, c.guard...)
	if c.runID {
		options = append(options, guard.WithGeneration(g.runID))
	}
	wrapper, err := guard.NewWrapper(g.registry, spec, g.client, nil, options...)
	if err != nil {
		return errors.Join(err, g.Close())
	}
	g.wrapper, g.dependency = wrapper, wrapper.Dependency()
	if !known {
		g.classify = g.dependency.Classify // that of Policy, or of guard.WithPolicy
	}
	g.blocking, g.pipeline, g.pubsub = wrapper.Method(blockingMethod), wrapper.Method(pipelineMethod), wrapper.Method(subscribeMethod)
	for name := range g.gate {
		g.gate[name] = wrapper.Method(name)
	}
	g.regular.Store(&map[string]*guard.Method{})
	return nil
}

// What the methods are called that are no command.
const (
	blockingMethod  = "blocking command"
	pipelineMethod  = "pipeline"
	subscribeMethod = "subscribe"
)

// Dependency is what the client is in the registry.
func (g *Guarded) Dependency() *guard.Dependency { return g.dependency }

// Registry is where it is known.
func (g *Guarded) Registry() *guard.HealthRegistry { return g.registry }

// Close closes the connections of the probe, when the program is done with the client. Further probes, which another client of
// the same server may need, keep none. The client is the program's own to close, and stays guarded. The error is always nil.
func (g *Guarded) Close() error {
	if g.probe != nil {
		g.probe.close()
	}
	return nil
}

// method is that of a command which is not destructive.
func (g *Guarded) method(cmd redis.Cmder) *guard.Method {
	if blocks(cmd) {
		return g.blocking
	}
	if m := (*g.regular.Load())[cmd.Name()]; m != nil {
		return m
	}
	return g.learn(cmd.Name())
}

// learn makes the method of a command that was not sent before. The map is replaced, so that nobody waits who reads it.
func (g *Guarded) learn(name string) *guard.Method {
	g.growing.Lock()
	defer g.growing.Unlock()
	known := *g.regular.Load()
	if m := known[name]; m != nil {
		return m
	}
	m := g.wrapper.Regular(strings.ToUpper(name))
	if len(known) >= namesLimit {
		return m
	}
	grown := make(map[string]*guard.Method, len(known)+1)
	for n, m := range known {
		grown[n] = m
	}
	grown[strings.Clone(name)] = m
	g.regular.Store(&grown)
	return m
}

// namesLimit bounds the names of commands that are kept: Redis with all its modules has some 600.
const namesLimit = 1000

// names are the guard's keys of a command. A function of the program's that panics could not read them, which the gate denies,
// and a failure is counted all the same.
func (g *Guarded) names(cmd redis.Cmder) (names []string) {
	defer func() {
		if recover() != nil {
			names = guard.Keys("key", nil)
		}
	}()
	for _, key := range keysOf(cmd.Args()) {
		names = append(names, g.keyNames(key)...)
	}
	return names
}
