package guard

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// operation is a destructive operation: a method of a wrapper, or a name given to [HealthRegistry.AllowDestructive].
type operation struct {
	name   string
	own    *Dependency // of a method; required even if optional
	bucket bucket
	mode   atomic.Int32 // of this operation, plus one; 0: the registry's
}

// Ask asks the gate for a destructive call about keys. It may take as long as the probes of required dependencies that
// have not proven themselves lately, bounded by ctx and their probe-timeout.
func (m *Method) Ask(ctx context.Context, keys ...string) Attempt {
	r := m.dependency.registry
	v, pass := r.ask(ctx, m.operation, keys)
	if v.reason != "" {
		denial := r.denied(m.operation, v)
		if r.modeOf(m.operation) == Observe {
			return m.Begin(ctx)
		}
		return m.refusedAttempt(denial)
	}
	return m.admitted(ctx, pass.word, pass.word&refusing != 0)
}

// AllowDestructive asks the gate for a destructive operation that has no wrapper: nil allows it, now. The operation is a
// constant name, which has a budget of its own (see [WithBudget]); keys are as [Keys] makes them. All critical
// dependencies are required. Like [Method.Ask] it may probe. Safe for concurrent use.
//
// It returns a [*DestructiveDeniedError], or nil in observe mode.
func (r *HealthRegistry) AllowDestructive(ctx context.Context, operation string, keys ...string) error {
	op := r.operationNamed(operation)
	v, _ := r.ask(ctx, op, keys)
	if v.reason == "" {
		return nil
	}
	denial := r.denied(op, v)
	if r.modeOf(op) == Observe {
		return nil
	}
	return denial
}

// Decision is what the gate would say; see [HealthRegistry.Explain].
type Decision struct {
	Operation  string        `json:"operation"`
	Allowed    bool          `json:"allowed"`
	Reason     Reason        `json:"reason,omitempty"` // of a denial; ReasonUnproven means that asking would probe first
	Detail     string        `json:"detail,omitempty"` // the reason in words
	Dependency string        `json:"dependency,omitempty"`
	Key        string        `json:"key,omitempty"`
	RetryAfter time.Duration `json:"retry_after_ns,omitempty"`
	Mode       Mode          `json:"mode"` // in Observe the call would run all the same
}

// Explain makes the same decision as asking, but takes no budget, uses up no override and probes nothing. The operation
// is the name of a guarded method or one of [HealthRegistry.AllowDestructive].
func (r *HealthRegistry) Explain(ctx context.Context, operation string, keys ...string) Decision {
	op := r.knownOperation(operation)
	s := r.snapshot(ctx, op, keys, r.requiredBy(op))
	v := s.decide()
	d := Decision{Operation: operation, Allowed: v.reason == "", Mode: r.modeOf(op)}
	if !d.Allowed {
		denial := r.denial(op, v)
		d.Reason, d.Dependency, d.Key, d.Detail = v.reason, v.dependency, v.key, denial.brief()
		d.RetryAfter = denial.RetryAfter()
	}
	return d
}

// pass is a call's way through the gate: the word of its own dependency at that moment. Break-glass passes an open
// breaker, so that the word may be a refusing one.
type pass struct{ word uint64 }

// ask is the gate. Its order: override, state, scope, key, quiet, episode, start, hold, budget left; then evidence, where
// probes run; then all of it once more, since time has passed; then the breaker, and the budget's token.
func (r *HealthRegistry) ask(ctx context.Context, op *operation, keys []string) (verdict, pass) {
	required := r.requiredBy(op)
	if o := overrideOf(ctx); o != nil {
		return r.askOverride(ctx, o, op, keys, required)
	}
	noted := make([]epoch, len(required))
	for i, q := range required {
		if q.dependency != nil {
			noted[i] = epochOf(q.dependency.word.Load())
		}
	}
	s := r.snapshot(ctx, op, keys, required)
	v := s.decide()
	if v.reason == ReasonUnproven {
		found := r.gather(ctx, required, noted, s)
		s = r.snapshot(ctx, op, keys, required)
		for i := range s.required {
			s.required[i].accept(found[i])
		}
		v = s.decide()
	}
	if v.reason != "" {
		return v, pass{}
	}
	admitted := pass{op.word()}
	if admitted.word&refusing != 0 {
		return verdict{reason: ReasonUnhealthy, dependency: op.own.name, until: s.now}, pass{}
	}
	if now := r.clock.now(); !s.confirmed && !op.bucket.take(now) {
		_, refill := op.bucket.left(now)
		return verdict{reason: ReasonBudget, until: refill}, pass{}
	}
	return verdict{}, admitted
}

// word is the word of the operation's own dependency; zero for an operation without one.
func (op *operation) word() uint64 {
	if op.own == nil {
		return 0
	}
	return op.own.word.Load()
}

// testimony is what asking one dependency for a proof brought.
type testimony struct {
	asked   bool
	proven  bool
	cause   error
	retryAt moment
}

func (s *standing) accept(t testimony) {
	if !t.asked {
		return
	}
	s.proven, s.proofCause, s.proofRetryAt = s.proven || t.proven, t.cause, t.retryAt
}

// gather has all required dependencies that are unproven probed in parallel, and waits for the answers or for ctx.
func (r *HealthRegistry) gather(ctx context.Context, required []requirement, noted []epoch, s *snapshot) []testimony {
	found := make([]testimony, len(required))
	flights := make([]*flight, len(required))
	for i, d := range required {
		if s.required[i].proven || d.dependency == nil {
			continue
		}
		e := d.dependency.prove(noted[i])
		flights[i] = e.flight
		found[i] = testimony{asked: true, cause: e.err, retryAt: r.clock.now().add(e.retryAfter)}
	}
	for i, f := range flights {
		if f == nil {
			continue
		}
		select {
		case <-f.done:
			found[i].proven, found[i].cause = f.err == nil, f.err
		case <-ctx.Done():
			found[i].cause = errors.New("the caller's context ended before the probe answered")
		}
	}
	return found
}

// snapshot reads what the decision depends on. It takes no dependency's lock.
func (r *HealthRegistry) snapshot(ctx context.Context, op *operation, keys []string, required []requirement) *snapshot {
	now := r.clock.now()
	s := &snapshot{
		now:       now,
		closed:    r.ctx.Err() != nil,
		override:  overrideOf(ctx).standing(r.clock.wall(now), op),
		confirmed: confirmationOf(ctx).covers(r.clock.wall(now), keys),
	}
	if scope := scopeOf(ctx); scope != nil {
		s.scoped = true
		if t := scope.taint.Load(); t != nil {
			s.scope = blame{until: now.add(t.until.Sub(r.clock.wall(now))), dependency: t.dependency, cause: t.cause}
		}
	}
	key, found, overflow := r.suspects.look(keys, now)
	s.suspectKey, s.key = key, blame{until: found.until, cause: found.cause}
	if !overflow && found.method != nil {
		s.key.dependency = found.method.dependency.name
	}
	s.budgetLeft, s.budgetRefill = op.bucket.left(now)
	for _, q := range required {
		s.required = append(s.required, q.standing(now))
		if q.dependency != nil {
			s.hold = max(s.hold, q.dependency.policy.Hold)
		}
	}
	s.startHold = s.hold
	if r.startHold >= 0 {
		s.startHold = r.startHold
	}
	return s
}

// requirement is a dependency that must be proven, or only its name as long as nobody registered it.
type requirement struct {
	name       string
	dependency *Dependency
}

func (q requirement) standing(now moment) standing {
	d := q.dependency
	if d == nil {
		return standing{name: q.name}
	}
	// The order matters: a failure stamps first and bumps the epoch then, so that whoever sees the old epoch
	// in the word, and a proof of it, has seen a moment without that failure.
	word := d.word.Load()
	evidence := proof(d.proof.Load())
	age := now.sub(d.registry.clock.at(evidence.tick()))
	s := standing{
		name:         q.name,
		registered:   true,
		registeredAt: d.registered,
		refusing:     word&refusing != 0,
		lastFailure:  moment(d.lastFailure.Load()),
		quiet:        d.policy.Quiet,
		episodeEnded: moment(d.episodeEnded.Load()),
		proven:       evidence.proves(epochOf(word)) && age <= d.policy.MaxAge,
	}
	if refusal := d.refusal.Load(); s.refusing && refusal != nil {
		s.isolated, s.cause = refusal.Isolated != "", refusal.Cause
		s.retryAt = now.add(refusal.until.Sub(d.registry.clock.wall(now)))
		if s.isolated {
			s.cause = errors.New(refusal.Isolated)
		}
	}
	return s
}

// denial builds the error of a verdict.
func (r *HealthRegistry) denial(op *operation, v verdict) *DestructiveDeniedError {
	return &DestructiveDeniedError{
		Operation: op.name, Reason: v.reason, Dependency: v.dependency, Key: v.key, Cause: v.cause, until: r.clock.wall(max(v.until, 1)),
	}
}
