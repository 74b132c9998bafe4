package guard

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync/atomic"
	"time"
)

// operation is a destructive operation: a method of a wrapper, or a name given to [HealthRegistry.AllowDestructive].
type operation struct {
	name   string
	own    *Dependency // of a method; required even if optional
	bucket bucket
	mode   atomic.Int32 // of this operation, plus one; 0: the registry's

	clearance atomic.Pointer[clearance] // of the last look that denied nothing
}

// Ask asks the gate for a destructive call about keys. It may take as long as the probes of required dependencies that
// have not proven themselves lately, bounded by ctx.
func (m *Method) Ask(ctx context.Context, keys ...string) Attempt {
	r := m.dependency.registry
	if above := m.takePermit(ctx, keys); above != nil { // of a guard above that is another dependency's
		attempt := Attempt{}
		if word := m.dependency.word.Load(); above.overriding {
			attempt = m.admitted(ctx, word, word&refusing != 0)
		} else {
			attempt = m.beginWithDetail(ctx)
		}
		if attempt.Admitted() {
			attempt.detail.keys = slices.Clone(keys)
		}
		return attempt
	}
	asked := r.clock.now()
	v, word := r.ask(ctx, m.operation, keys)
	if denial := r.denied(m.operation, v); denial != nil {
		return Attempt{method: m, detail: &attemptDetail{refusal: denial}}
	}
	r.unseen.forget(keys...) // whoever has such a key later is somebody else
	attempt := Attempt{}
	if v.reason != "" { // observed: like a regular call
		attempt = m.beginWithDetail(ctx)
	} else {
		attempt = m.admitted(ctx, word, word&refusing != 0)
	}
	if r.layered.Load() && attempt.Admitted() { // a guard below will ask for it
		attempt.detail.permit(m.operation, keys, asked)
		overridden := overrideOf(ctx) != nil && v.reason == ""
		attempt.detail.layer.unproven, attempt.detail.layer.overriding = overridden || v.reason != "", overridden
	}
	if attempt.Admitted() {
		attempt.detail.keys = slices.Clone(keys)
	}
	return attempt
}

// AllowDestructive asks the gate for a destructive operation that has no wrapper: nil allows it, now. The operation is a
// constant name of the program, which has a budget of its own (see [WithBudget]); more than a thousand share one. keys are
// as [Keys] makes them. All critical dependencies are required. Like [Method.Ask] it may probe.
//
// It returns a [*DestructiveDeniedError], which in observe mode is counted and not returned.
func (r *HealthRegistry) AllowDestructive(ctx context.Context, operation string, keys ...string) error {
	op := r.operationNamed(operation)
	v, _ := r.ask(ctx, op, keys)
	if denial := r.denied(op, v); denial != nil {
		return denial
	}
	r.unseen.forget(keys...)
	return nil
}

// Decision is what the gate would say; see [HealthRegistry.Explain].
type Decision struct {
	Operation  string        `json:"operation"`
	Known      bool          `json:"known"` // a method of that name is registered, or the operation has been asked for before
	Allowed    bool          `json:"allowed"`
	Reason     Reason        `json:"reason,omitempty"` // of a denial; ReasonUnproven means that asking would probe first
	Detail     string        `json:"detail,omitempty"` // the reason in words
	Dependency string        `json:"dependency,omitempty"`
	Key        string        `json:"key,omitempty"`
	RetryAfter time.Duration `json:"-"`
	Mode       Mode          `json:"mode"` // in Observe the call would run all the same; Enforce where its breaker refuses it
}

// MarshalJSON implements [json.Marshaler], with retry_after_s in seconds.
func (d Decision) MarshalJSON() ([]byte, error) {
	type plain Decision
	return json.Marshal(struct {
		plain

		RetryAfter float64 `json:"retry_after_s,omitempty"`
	}{plain(d), d.RetryAfter.Seconds()})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (d *Decision) UnmarshalJSON(text []byte) error {
	type plain Decision
	wire := struct {
		*plain

		RetryAfter float64 `json:"retry_after_s"`
	}{plain: (*plain)(d)}
	if err := json.Unmarshal(text, &wire); err != nil {
		return err
	}
	d.RetryAfter = time.Duration(wire.RetryAfter * float64(time.Second))
	return nil
}

// Explain makes the same decision as asking, but takes no budget, uses up no override and probes nothing. The operation
// is the name of a guarded method or one of [HealthRegistry.AllowDestructive]; where several methods have that name, the
// answer is for the first that would be denied. Scope, confirmation and override are those of ctx: an answer without the
// caller's says nothing about what failed in its scope.
func (r *HealthRegistry) Explain(ctx context.Context, operation string, keys ...string) Decision {
	var d Decision
	operations, known := r.operationsOf(operation)
	for _, op := range operations {
		d = r.decision(op, r.explain(ctx, op, keys))
		if d.Known = known; !d.Allowed {
			break
		}
	}
	return d
}

func (r *HealthRegistry) explain(ctx context.Context, op *operation, keys []string) verdict {
	s := r.snapshot(ctx, op, keys, r.requiredBy(op))
	if o := overrideOf(ctx); o != nil {
		return o.decide(s, op)
	}
	return s.decide()
}

// ask is the gate. Its order: override, state, scope, key, quiet, own stall, episode, start, hold, budget left; then
// evidence, where probes run; then all of it once more, since time has passed; then the breaker, and the budget's token. It
// returns the word of the operation's own dependency under which the call begins, which only break-glass lets be a refusing
// one.
func (r *HealthRegistry) ask(ctx context.Context, op *operation, keys []string) (verdict, uint64) {
	o := overrideOf(ctx)
	if o == nil {
		if word, passes := r.glance(ctx, op, keys); passes {
			return verdict{}, word
		}
	}
	disturbances := r.disturbances.Load()
	required, stalls := r.requiredBy(op), r.stalls.Load()
	_, stood := r.checkStall()
	s := r.snapshot(ctx, op, keys, required)
	s.stalled = max(s.stalled, stood)
	if o != nil {
		return r.breakGlass(ctx, o, s, op, keys), op.word()
	}
	asked, told := s.now, make([]bool, len(required))
	s.doubt(told)
	v := s.decide()
	for round, failed := 0, 0; round < gatherRounds && failed < 2 && v.reason == ReasonUnproven; round++ {
		found := r.gather(ctx, required, s, asked, round == 0)
		disturbances = r.disturbances.Load()
		s = r.snapshot(ctx, op, keys, required)
		for i, t := range found {
			s.required[i].accept(t, s.now)
			told[i] = told[i] || t.proven != 0
		}
		s.doubt(told)
		if v = s.decide(); v.cause != nil {
			failed++ // one lost probe is repeated
		}
	}
	word := op.word()
	_, stood = r.checkStall()
	switch {
	case v.reason != "":
	case stood != 0, r.stalls.Load() != stalls: // while we decided
		v = s.stall()
	case !slices.Equal(required, r.requiredBy(op)):
		v = verdict{reason: ReasonUnproven, cause: errors.New("another required dependency was registered just now")}
	case word&refusing != 0:
		v = verdict{reason: ReasonUnhealthy, dependency: op.own.name}
		if refusal := op.own.refusal.Load(); refusal != nil {
			v.cause, v.until = refusal.Cause, s.now.add(time.Until(refusal.until))
		}
	case !s.confirmed && !op.bucket.take(r.clock.now()):
		_, refill := op.bucket.left(r.clock.now())
		v = verdict{reason: ReasonBudget, cause: errors.New(op.bucket.budget.String()), until: refill}
	}
	if v.reason == "" && !s.confirmed { // here, where nothing more than was looked at is required: what comes now is counted
		op.clearance.Store(s.clearanceOf(disturbances))
	}
	return v, word
}

// word is the word of the operation's own dependency; zero for an operation without one.
func (op *operation) word() uint64 {
	if op.own == nil {
		return 0
	}
	return op.own.word.Load()
}

// gatherRounds is how often the gate asks for proof, because a slow probe of one dependency lets the testimony about
// another grow old.
const gatherRounds = 3

// testimony is what a probe that the gate waited for said of one dependency.
type testimony struct {
	proven moment // when it answered; 0 if it did not
	cause  error
}

// accept takes a testimony: a probe begun after the gate was asked, and answered just now, proves the dependency for this
// decision whatever failed meanwhile.
func (s *standing) accept(t testimony, now moment) {
	if t.proven != 0 && t.proven.add(probeSpacing) >= now {
		s.provenUntil = max(s.provenUntil, now)
	}
	if t.cause != nil && s.cause == nil {
		s.cause = t.cause
	}
}

// doubt takes no proof from dependencies that may have become somebody else since: only a probe begun after the gate was
// asked tells, because what the caller read before may be another's.
func (s *snapshot) doubt(told []bool) {
	for i := range s.required {
		s.required[i].doubted = s.required[i].recognised && !told[i]
	}
}

// gather has all required dependencies probed in parallel whose proof is missing, or, looking ahead, would grow too old
// while the others are probed. It waits for the answers, or for ctx.
func (r *HealthRegistry) gather(ctx context.Context, required []requirement, s *snapshot, asked moment, ahead bool) []testimony {
	var longest time.Duration
	for _, q := range required {
		if ahead && q.dependency != nil {
			longest = max(longest, q.dependency.policy.ProbeTimeout)
		}
	}
	found := make([]testimony, len(required))
	flights := make([]*flight, len(required))
	for i, q := range required {
		if q.dependency != nil && (s.required[i].doubted || s.required[i].provenUntil < s.now.add(longest)) {
			flights[i], found[i].cause = q.dependency.prove(s.required[i].epoch, asked)
		}
	}
	for i, f := range flights {
		if f == nil {
			continue
		}
		select {
		case <-f.done:
			found[i] = testimony{f.answered, f.err}
		case <-ctx.Done():
			found[i].cause = errors.New("the caller's context ended before the probe answered")
		}
	}
	return found
}

// snapshot reads what the decision depends on. It takes no dependency's lock.
func (r *HealthRegistry) snapshot(ctx context.Context, op *operation, keys []string, required []requirement) *snapshot {
	read := r.clock.read()
	stood, _ := r.clock.gap(read)
	now := read.now
	s := &snapshot{now: now, wall: read.wall, closed: r.ctx.Err() != nil, confirmed: confirmationOf(ctx).covers(read.wall, keys), stalled: stood}
	if scope := scopeOf(ctx); scope != nil {
		s.scoped = true
		if t := scope.worst(); t != nil {
			s.scope = blame{until: now.add(time.Until(t.until)), dependency: t.dependency, cause: t.cause}
		}
	}
	s.suspectKey, s.key = r.suspects.look(keys, now)
	s.budgetLeft, s.budgetRefill = op.bucket.left(now)
	s.budget = op.bucket.budget
	s.required = make([]standing, 0, len(required))
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

func (q requirement) missing() bool { return q.dependency == nil }

func (q requirement) standing(now moment) standing {
	d := q.dependency
	if d == nil {
		return standing{name: q.name}
	}
	clock := &d.registry.clock
	word := d.word.Load()
	s := standing{
		name:         q.name,
		registered:   true,
		registeredAt: d.registered,
		epoch:        epochOf(word),
		refusing:     word&refusing != 0,
		failedAt:     max(moment(d.lastFailure.Load()), moment(d.lastRefusal.Load())),
		quiet:        d.policy.Quiet,
		recognised:   d.recognised.Load(),
		episodeEnded: moment(d.episodeEnded.Load()),
	}
	if illness := d.illness.Load(); illness != nil {
		s.illness = *illness
	}
	if evidence := proof(d.proof.Load()); evidence.proves(epochOf(word)) {
		s.provenUntil = clock.at(evidence.tick()).add(d.policy.MaxAge)
	}
	if refusal := d.refusal.Load(); s.refusing && refusal != nil {
		s.isolated, s.cause, s.retryAt = refusal.Isolated != "", refusal.Cause, now.add(time.Until(refusal.until))
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
