package e2e

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// programConfig is what a program is made of.
type programConfig struct {
	Guarded  bool
	Socket   string // of the session API, as the program reaches it
	Redis    string // host:port, as the program reaches it
	Prefix   string // of its keys in Redis
	Pool     int
	Lifetime time.Duration
	Sessions []session.Session // that it looks after
}

// program is the service of a row: what its users ask of it, and its reaper. Safe for concurrent use.
type program struct {
	api       api.SessionAPI
	transport transport.Transport
	registry  *guard.HealthRegistry // nil with raw clients
	edge      *edge
	stalls    stalls

	mu       sync.Mutex
	sessions []session.Session

	closers []func() error
}

// newProgram makes a program, which has asked nobody yet. Close ends it, also after an error.
func newProgram(c programConfig, witness func(destruction)) (*program, error) {
	p := &program{edge: &edge{witness: witness}, sessions: slices.Clone(c.Sessions)}
	sessions, err := api.NewClient(c.Socket, callTimeout)
	if err != nil {
		return p, err
	}
	messages := transport.NewRedis(transport.Config{
		Addr: c.Redis, Prefix: c.Prefix, Timeout: callTimeout, Pool: c.Pool, Lifetime: c.Lifetime,
	})
	p.closers = append(p.closers, func() error { sessions.Close(); return nil }, messages.Close)
	p.api, p.transport = apiEdge{sessions, p.edge}, transportEdge{messages, p.edge}
	if !c.Guarded {
		return p, nil
	}
	return p, p.protect(messages.Generation)
}

// protect puts the generated wrappers around the clients.
func (p *program) protect(generation func(context.Context) (string, error)) error {
	p.registry = guard.NewHealthRegistry(guard.WithTTL(ttl), guard.WithBudget(guard.NoBudget), guard.WithLogger(slog.New(slog.DiscardHandler)))
	p.closers = append(p.closers, func() error { p.registry.Close(); return nil })
	p.registry.Subscribe(p.stalls.hear)
	sessions, err := api.NewGuardedSessionAPI(p.registry, p.api, guard.WithPolicy(policy))
	if err != nil {
		return err
	}
	messages, err := transport.NewGuardedTransport(p.registry, p.transport, guard.WithPolicy(policy), guard.WithGeneration(generation))
	if err != nil {
		return err
	}
	p.api, p.transport = sessions, messages
	return nil
}

// close ends what newProgram has made.
func (p *program) close() error {
	var failed []error
	for _, c := range slices.Backward(p.closers) {
		failed = append(failed, c())
	}
	return errors.Join(failed...)
}

// Heartbeat notes that the client of the session is there.
func (p *program) Heartbeat(ctx context.Context, id string) error {
	if err := p.api.Touch(ctx, id); err != nil {
		return err
	}
	return p.transport.Beat(ctx, id, time.Now())
}

// run runs the reaper, and with a guard the watch, until ctx is done.
func (p *program) run(ctx context.Context) {
	var both sync.WaitGroup
	defer both.Wait()
	both.Go(func() { p.reap(ctx) })
	if p.registry != nil {
		both.Go(func() { p.watch(ctx) })
	}
}

// watching is the operation of the watch.
const watching = "watch"

// watch asks the gate again and again about what nobody else touches, and tells what it said.
func (p *program) watch(ctx context.Context) {
	for wait(ctx, pace) {
		err := p.registry.AllowDestructive(guard.NewScope(context.WithoutCancel(ctx)), watching, "nobody:0")
		said := destruction{Operation: watching, At: time.Now()}
		if denied, ok := errors.AsType[*guard.DestructiveDeniedError](err); ok {
			said.Denied = denied.Reason
		}
		p.edge.witness(said)
	}
}

// reap runs the turns of the reaper until ctx is done.
func (p *program) reap(ctx context.Context) {
	for wait(ctx, turn) {
		var all sync.WaitGroup
		for _, s := range p.listed() {
			all.Go(func() { p.examine(guard.NewScope(context.WithoutCancel(ctx)), s) })
		}
		all.Wait()
	}
}

// examine ends a session whose client has been silent for the TTL.
func (p *program) examine(ctx context.Context, s session.Session) {
	seen, _, err := p.transport.LastSeen(ctx, s.ID)
	if err != nil || p.silence(s.ID, seen) < ttl {
		return
	}
	if p.dismantle(ctx, s) == nil {
		p.drop(s.ID)
	}
}

// silence is for how long the client of a session was silent. Without a guard a missing record is as old as can be.
func (p *program) silence(id string, seen time.Time) time.Duration {
	if p.registry == nil {
		return time.Since(seen)
	}
	return p.registry.Silence("session:"+id, seen)
}

// dismantle takes away what belongs to a session, and then the session.
func (p *program) dismantle(ctx context.Context, s session.Session) error {
	if err := p.transport.DeleteChannel(ctx, s.ID); err != nil {
		return err
	}
	if err := p.transport.DeleteTopic(ctx, s.Topic); err != nil {
		return err
	}
	if err := p.api.EndSession(ctx, s.ID); err != nil && !errors.Is(err, api.ErrNotFound) {
		return err
	}
	return p.transport.Forget(ctx, s.ID)
}

// listed returns the sessions that have not been ended.
func (p *program) listed() []session.Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sessions)
}

// drop takes a session that has ended off the list.
func (p *program) drop(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions = slices.DeleteFunc(p.sessions, func(s session.Session) bool { return s.ID == id })
}

// report is what a guarded program tells of itself.
type report struct {
	Denials    map[guard.Reason]int
	API, Redis flightCount
	Stalled    bool     // it stood still at some time
	Story      []string // its last events, for a row that fails
}

// report tells what there was so far.
func (p *program) report() report {
	r := report{Denials: make(map[guard.Reason]int), API: p.edge.api.counts(), Redis: p.edge.redis.counts()}
	if p.registry == nil {
		return r
	}
	for _, d := range p.registry.Denials() {
		r.Denials[d.Reason] += int(d.Count)
	}
	r.Stalled = p.stalls.any()
	for _, e := range p.registry.Events() {
		r.Story = append(r.Story, fmt.Sprintf("%s %s %s %v→%v %s %s %s %v", e.Time.Format(clockTime), e.Kind, e.Dependency, e.From, e.To,
			e.Breaker, e.Operation, e.Reason, e.Err))
	}
	return r
}

// stalls remembers whether a registry told of a stall. Safe for concurrent use.
type stalls struct {
	mu   sync.Mutex
	seen bool
}

func (s *stalls) hear(e guard.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = s.seen || e.Kind == guard.EventStall
}

func (s *stalls) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}
