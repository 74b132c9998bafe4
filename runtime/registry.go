package guard

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// HealthRegistry knows the health of a program's dependencies, and is the gate for what the program destroys. A program
// has one. Safe for concurrent use; Close ends it.
type HealthRegistry struct {
	clock     clock
	log       *slog.Logger // nil: the default one of the moment
	audit     func(context.Context, AuditRecord) error
	budget    Budget        // of operations that declare none
	startHold time.Duration // negative: the longest hold
	ttl       time.Duration // 0: not declared
	requires  []string
	welcome   func(name string) // after a registration; may be nil
	mode      atomic.Int32
	layered   atomic.Bool // some dependency has a guard below its wrappers

	events   events
	logLines *subscriber
	denials  denials
	suspects suspects
	hearing  hearing
	unseen   unseen

	_            [64]byte      // what follows is written when something fails, and must not slow down what is read in health
	disturbances atomic.Uint64 // failures, refusals and changes of all dependencies: see clearance
	_            [64]byte

	longestHold atomic.Int64   // over the required dependencies, in nanoseconds
	batching    atomic.Bool    // see turnGrain
	flights     atomic.Int64   // probes in the air
	stalls      atomic.Uint64  // of the process, so far
	stalling    sync.Mutex     // held while episodes are opened for a stall; taken before r.mu
	standstill  atomic.Bool    // tests stop the beat with it, as if the process stood still
	random      func() float64 // of all jitter; tests make it repeatable

	ctx     context.Context // ends with Close; probes derive from it
	cancel  context.CancelFunc
	beating sync.WaitGroup
	probing sync.WaitGroup

	mu           sync.RWMutex // guards the maps; taken before a dependency's lock, never after
	dependencies map[string]*Dependency
	operations   map[string]*operation // by identity: interface and method, or name
	critical     []requirement         // see required; nil after a registration
}

// RegistryOption changes a registry when it is made.
type RegistryOption func(*HealthRegistry) error

// WithLogger sends the lines of transitions, denials and overrides to l. They are written in the background, in order, each
// with the time at which it happened.
// Default: [slog.Default] at the time of the line.
func WithLogger(l *slog.Logger) RegistryOption {
	return func(r *HealthRegistry) error { r.log = l; return nil }
}

// WithMode starts the gate in a mode. Default: [Enforce].
func WithMode(mode Mode) RegistryOption {
	return func(r *HealthRegistry) error {
		if mode > Observe {
			return fmt.Errorf("unknown mode %d: want Enforce or Observe", mode)
		}
		r.mode.Store(int32(mode))
		return nil
	}
}

// WithAudit records overrides with record before they take effect; if it returns an error the call is denied. It is
// called concurrently. Default: a warning in the log, whose handler's error counts.
func WithAudit(record func(context.Context, AuditRecord) error) RegistryOption {
	return func(r *HealthRegistry) error { r.audit = record; return nil }
}

// WithBudget sets the budget of destructive operations that declare none. Default: 10 in any minute.
func WithBudget(b Budget) RegistryOption {
	return func(r *HealthRegistry) error { r.budget = b; return b.validate() }
}

// WithStartHold sets how long the gate stays shut after a dependency has been registered. Default: the longest hold of
// the required dependencies, because live clients that lost the previous process need as long to come back. A program
// that no client is connected to, such as a batch job, may set zero.
func WithStartHold(d time.Duration) RegistryOption {
	return func(r *HealthRegistry) error {
		if d < 0 {
			return fmt.Errorf("start hold %s: must not be negative", d)
		}
		r.startHold = d
		return nil
	}
}

// WithRegistered calls f, outside of every lock, each time a dependency has been registered or shared, before its
// constructor returns: to probe it at once, for example.
func WithRegistered(f func(name string)) RegistryOption {
	return func(r *HealthRegistry) error { r.welcome = f; return nil }
}

// Requires names dependencies that every destructive operation requires, beside the critical ones: they deny until
// somebody registers them and they are proven.
func Requires(names ...string) RegistryOption {
	return func(r *HealthRegistry) error {
		for _, name := range names {
			if !validName.MatchString(name) {
				return fmt.Errorf("required dependency %q: %w", name, errName)
			}
		}
		r.requires = append(r.requires, names...)
		return nil
	}
}

// NewHealthRegistry makes a registry. It panics if an option is invalid, which is a mistake in the program.
func NewHealthRegistry(options ...RegistryOption) *HealthRegistry {
	r := &HealthRegistry{
		budget: defaultBudget, startHold: -1, random: rand.Float64,
		dependencies: make(map[string]*Dependency), operations: make(map[string]*operation),
	}
	r.clock.init()
	r.events.init()
	r.suspects.init()
	r.denials.init()
	r.hearing.init()
	r.unseen.init()
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(r); err != nil {
			panic("guard: NewHealthRegistry: " + err.Error())
		}
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.logLines = r.events.subscribe(r.logEvent, logQueue)
	if Mode(r.mode.Load()) == Observe {
		r.events.publish(&Event{Time: time.Now(), Kind: EventMode, Mode: Observe})
	}
	r.beating.Go(r.beat)
	return r
}

// beat minds stalls of the process, keeps the coarse clock, forgets what is over, and writes the lines of denials that were held back.
func (r *HealthRegistry) beat() {
	ticker := time.NewTicker(tickLength)
	defer ticker.Stop()
	const housekeeping = 20 // ticks
	for n := 1; ; n++ {
		select {
		case <-r.ctx.Done():
			return
		case <-ticker.C:
		}
		if r.standstill.Load() {
			continue
		}
		read, _ := r.checkStall()
		r.clock.beat(read)
		if n%housekeeping == 0 {
			now := r.clock.now()
			r.suspects.expire(now)
			r.unseen.expire(now)
			r.flushDenials(now)
		}
	}
}

// closePatience is how long Close waits for probes that end late, and again for log lines that are still on their way.
const closePatience = time.Second

// Close ends the registry: probes are cancelled, and from then on every guarded call is refused and every destructive
// one denied, with [ErrClosed]. It waits a second at most for probes to end, and for the log to be written. Closing twice
// does nothing.
func (r *HealthRegistry) Close() {
	if r == nil || r.ctx.Err() != nil {
		return
	}
	r.cancel()
	r.mu.RLock()
	for _, d := range r.dependencies {
		d.end()
	}
	r.mu.RUnlock()
	r.beating.Wait()
	r.flushDenials(forever)
	ended := make(chan struct{})
	go func() {
		r.probing.Wait()
		close(ended)
	}()
	await(ended)
	r.logLines.drain()
}

// Done returns a channel that is closed when the registry is.
func (r *HealthRegistry) Done() <-chan struct{} { return r.ctx.Done() }

// await waits for done, but no longer than Close is patient.
func await(done <-chan struct{}) {
	timer := time.NewTimer(closePatience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}

// end refuses all further calls of d.
func (d *Dependency) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return
	}
	d.gone = true
	d.timer.Stop()
	d.refusal.Store(shared(&DependencyUnhealthyError{Dependency: d.name, State: Unknown, Cause: ErrClosed, until: time.Now()}))
	d.unprove()
	d.setFlags(true)
	d.cancelBooking()
}

// lookup finds a dependency.
func (r *HealthRegistry) lookup(name string) (*Dependency, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if d := r.dependencies[name]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("%w %q: registered are %q", ErrUnknownDependency, name, slices.Sorted(maps.Keys(r.dependencies)))
}

// sorted returns all dependencies by name.
func (r *HealthRegistry) sorted() []*Dependency {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]*Dependency, 0, len(r.dependencies))
	for _, name := range slices.Sorted(maps.Keys(r.dependencies)) {
		all = append(all, r.dependencies[name])
	}
	return all
}

// All yields the health of every dependency, sorted by name.
func (r *HealthRegistry) All() iter.Seq[DependencyHealth] {
	return func(yield func(DependencyHealth) bool) {
		for _, d := range r.sorted() {
			if !yield(d.health()) {
				return
			}
		}
	}
}

// State is the state of a dependency; [Unknown] if none of that name is registered.
func (r *HealthRegistry) State(name string) DependencyState {
	h, _ := r.Health(name)
	return h.State
}

// Health is the health of a dependency, and whether one of that name is registered. It never probes.
func (r *HealthRegistry) Health(name string) (DependencyHealth, bool) {
	d, err := r.lookup(name)
	if err != nil {
		return DependencyHealth{Name: name}, false
	}
	return d.health(), true
}

// Subscribe calls f for every event from now on, in order, from a goroutine of its own, one at a time. A receiver that is
// too slow misses the oldest of 1,024 waiting events, and sees their number in the next one; one that blocks or panics
// harms nobody. cancel ends it; an event that is being delivered is not waited for.
func (r *HealthRegistry) Subscribe(f func(Event)) (cancel func()) {
	s := r.events.subscribe(f, subscriberQueue)
	return func() { r.events.unsubscribe(s) }
}

// Events returns the last events, oldest first, at most 256.
func (r *HealthRegistry) Events() []Event { return r.events.last() }

// requiredBy lists what op requires: the critical dependencies, those of [Requires], and its own.
func (r *HealthRegistry) requiredBy(op *operation) []requirement {
	critical, own := r.required(), op.own
	if own == nil || own.required {
		return critical
	}
	return append(slices.Clip(critical), requirement{own.name, own})
}

// required lists what every destructive operation requires, sorted by name: the critical dependencies, and those of
// [Requires]. Nobody changes the list, which is made when it is first asked for after a registration, so that registering
// many dependencies takes no time for each of them.
func (r *HealthRegistry) required() []requirement {
	r.mu.RLock()
	critical := r.critical
	r.mu.RUnlock()
	if critical != nil {
		return critical
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.critical != nil {
		return r.critical
	}
	names := slices.Clone(r.requires)
	for name, d := range r.dependencies {
		if d.required {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	r.critical = make([]requirement, len(names)) // not nil, even if empty
	for i, name := range names {
		r.critical[i] = requirement{name, r.dependencies[name]}
	}
	return r.critical
}

// operationLimit bounds the operations that are told apart by their names.
const operationLimit = 1024

// operationNamed finds or makes the operation of a name given by hand. When there are too many, further ones share one,
// and its budget.
func (r *HealthRegistry) operationNamed(name string) *operation {
	r.mu.Lock()
	defer r.mu.Unlock()
	const byHand = "\x00" // no method's identity begins so
	if r.operations[byHand+name] == nil && len(r.operations) >= operationLimit {
		name = "(others)"
	}
	return r.operationLocked(byHand+name, name, nil, r.budget)
}

// operationsOf finds the operations of a name, sorted by identity, or makes up one that is not known and not remembered.
func (r *HealthRegistry) operationsOf(name string) (found []*operation, known bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(r.operations)) {
		if op := r.operations[id]; op.name == name {
			found = append(found, op)
		}
	}
	if found == nil {
		return []*operation{{name: name, bucket: bucket{budget: r.budget}}}, false
	}
	return found, true
}

// operationLocked finds or makes an operation. Requires r.mu.
func (r *HealthRegistry) operationLocked(id, name string, own *Dependency, budget Budget) *operation {
	op := r.operations[id]
	if op == nil {
		op = &operation{name: name, own: own, bucket: bucket{budget: budget}}
		r.operations[id] = op
	}
	return op
}

var errNilRegistry = errors.New("guard: registry is nil: make one with NewHealthRegistry")
