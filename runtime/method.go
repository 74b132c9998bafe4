package guard

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// Class decides what the guard does with a method.
type Class uint8

const (
	// Regular calls run unless the dependency is unhealthy.
	Regular Class = iota
	// Heavy reads are shed while the dependency is not healthy.
	Heavy
	// Destructive calls run only through the safety gate.
	Destructive
)

// String returns "regular", "heavy" or "destructive".
func (c Class) String() string {
	switch c {
	case Heavy:
		return "heavy"
	case Destructive:
		return "destructive"
	default:
		return "regular"
	}
}

// Method is one guarded method. Generated wrappers hold one for each method and call it in three steps, all of them
// cheap while the dependency is healthy:
//
//	call := g.publish.Begin(ctx)
//	if call.Admitted() {
//		id, err = g.next.Publish(call.Context(ctx), topic, body)
//		if call.Succeeded(err) {
//			return id, err
//		}
//	}
//	return id, call.Settle(ctx, err, guard.Keys("topic", topic)...)
//
// Nothing is held between the steps, so a panic of the call needs no clean-up and goes on up. Safe for concurrent use.
type Method struct {
	dependency *Dependency
	stop       atomic.Uint64 // flags of the word under which a call does not take the short way
	suspects   atomic.Int32  // keys that failed under this method and are not clean yet
	transport  bool          // of a guard that stands below the wrappers
	refuse     uint64        // flags of the word under which a call of this class does not run
	timeout    time.Duration // 0: none

	spec      MethodSpec
	operation *operation // of a destructive method
}

// newMethod makes a method of d.
func newMethod(d *Dependency, spec MethodSpec) *Method {
	m := &Method{dependency: d, spec: spec, refuse: refusing, timeout: spec.timeout(d.policy)}
	if spec.Class == Heavy {
		m.refuse |= shedding
	}
	m.setStop()
	return m
}

// newTransportMethod makes a method of d for a guard that stands below the wrappers.
func newTransportMethod(d *Dependency, spec MethodSpec) *Method {
	m := newMethod(d, spec)
	m.transport = true
	m.setStop()
	return m
}

// setStop makes all calls of m take the long way if they have a deadline of ours, a key to clean, or another guard below.
func (m *Method) setStop() {
	stop := m.refuse
	if m.timeout != 0 || m.suspects.Load() != 0 || m.dependency.layered.Load() && !m.transport {
		stop |= always
	}
	m.stop.Store(stop)
}

// suspect changes the number of keys that are not clean. Requires the lock of the suspects.
func (m *Method) suspect(more int32) {
	m.suspects.Add(more)
	m.setStop()
}

// Attempt is one call on its way: admitted or refused by [Method.Begin] or [Method.Ask], and to be ended by exactly one
// of a true [Attempt.Succeeded] or an [Attempt.Settle]. Not for concurrent use.
type Attempt struct {
	method *Method
	word   uint64         // as read at the beginning, without recording; with a detail 0, which no dependency's word is
	detail *attemptDetail // nil for the call that takes the short way
}

// attemptDetail is what a call carries that takes the long way. That of refused calls is shared, and nobody changes it.
type attemptDetail struct {
	ctx     context.Context    // what the call is to use
	cancel  context.CancelFunc // of a deadline of ours; nil if there is none
	word    uint64
	refusal error    // it must not run
	keys    []string // of a call that asked the gate: what was asked about is what the outcome is about
	blind   bool     // its outcome says nothing: its context was done before it began, or it passes an open breaker
	layer   *layer   // it is known by to the guards below; nil if there is none
}

// Begin asks to run a regular or heavy call. While the dependency is healthy it is two atomic loads and ctx.Err(), and while
// it refuses all calls four loads.
func (m *Method) Begin(ctx context.Context) Attempt {
	d := m.dependency
	word := d.word.Load()
	if word&m.stop.Load() == 0 && ctx.Err() == nil {
		return Attempt{method: m, word: word &^ recording}
	}
	if word&(refusing|trying) == refusing && !d.airborne.Load() {
		return Attempt{method: m, detail: d.refusal.Load().attempt} // what beginSlowly comes to for most calls in an outage
	}
	return m.beginSlowly(ctx)
}

// beginSlowly is Begin for a call that may be refused, has a deadline of ours or a key to clean, or comes with a context
// that is done.
func (m *Method) beginSlowly(ctx context.Context) Attempt {
	word, refusal, admitted := m.dependency.admit(ctx, m)
	if admitted && !m.needsDetail(ctx) {
		return Attempt{method: m, word: word &^ recording}
	}
	return m.attempt(ctx, word, refusal, admitted)
}

// beginWithDetail is Begin for a call that carries something whatever else is so.
func (m *Method) beginWithDetail(ctx context.Context) Attempt {
	word, refusal, admitted := m.dependency.admit(ctx, m)
	return m.attempt(ctx, word, refusal, admitted)
}

// attempt makes the attempt of a call that was admitted or refused. The probe of a dependency passes its breaker.
func (m *Method) attempt(ctx context.Context, word uint64, refusal *DependencyUnhealthyError, admitted bool) Attempt {
	switch {
	case admitted:
		return m.admitted(ctx, word, false)
	case m.dependency.airborne.Load() && ctx.Value(probing{}) == m.dependency:
		return m.admitted(ctx, word, true)
	default:
		return Attempt{method: m, detail: refusal.attempt}
	}
}

// needsDetail reports whether a call that may run has anything to carry: a deadline of ours, a key to clean, a guard below
// that is to know it, or that its context was done before it began.
func (m *Method) needsDetail(ctx context.Context) bool {
	return ctx.Err() != nil || m.suspects.Load() != 0 || m.dependency.layered.Load() && !m.transport ||
		m.timeout != 0 && !endsWithin(ctx, m.timeout)
}

// admitted makes the attempt of a call that may run, begun under word, with the deadline of its method. A blind one is
// not recorded; nor is one whose context is done before it begins.
func (m *Method) admitted(ctx context.Context, word uint64, blind bool) Attempt {
	detail := &attemptDetail{ctx: ctx, word: word, blind: blind || ctx.Err() != nil}
	if m.timeout != 0 && !endsWithin(ctx, m.timeout) {
		detail.ctx, detail.cancel = context.WithTimeout(ctx, m.timeout)
	}
	if m.dependency.layered.Load() && !m.transport {
		detail.mark(m.dependency)
	}
	return Attempt{method: m, detail: detail}
}

// mark makes the guards below know the call by its context.
func (a *attemptDetail) mark(d *Dependency) {
	if a.layer == nil {
		a.layer = &layer{Context: a.ctx, dependency: d, above: layerOf(a.ctx)}
		a.ctx = a.layer
	}
}

// permit lets the call pass the gate of a guard below.
func (a *attemptDetail) permit(op *operation, keys []string, asked moment) {
	a.mark(op.own)
	a.layer.permit, a.layer.asked, a.layer.keys = op, asked, make(map[string]bool, len(keys))
	a.layer.kinds = make(map[string]bool)
	for _, key := range keys {
		a.layer.keys[key], a.layer.kinds[keyKind(key)] = true, true
	}
}

// Admitted reports whether the call may run. If not, Settle returns the reason.
func (a Attempt) Admitted() bool { return a.detail == nil || a.detail.refusal == nil }

// Context is what the call is to use: ctx, with the deadline of the policy if that is earlier.
func (a Attempt) Context(ctx context.Context) context.Context {
	if a.detail == nil {
		return ctx
	}
	return a.detail.ctx
}

// Succeeded ends a call that went well while all is well: three atomic loads, and a store once per tick of the coarse
// clock. When it reports false, Settle must end the call.
func (a Attempt) Succeeded(err error) bool {
	d := a.method.dependency
	if err != nil || a.word != d.word.Load() {
		return false
	}
	if stamp := uint64(proofOf(a.word, d.tick.Load())); d.proof.Load() != stamp {
		d.proof.Store(stamp)
	}
	return true
}

// Settle ends a call that was refused, failed, or succeeded while there is something to recover from. ctx is the caller's.
// It returns the reason of the refusal, or err as it is. keys name the targets of the call, as [Keys] makes them: they are
// marked if the call failed or was refused, and clean again if it succeeded.
func (a Attempt) Settle(ctx context.Context, err error, keys ...string) error {
	if detail := a.detail; detail != nil && detail.refusal != nil { // first and by itself: it is what an outage consists of
		if len(keys) > 0 || !a.method.dependency.hasNoted() || scopeOf(ctx) != nil {
			a.method.refused(ctx, detail.refusal, keys)
		}
		return detail.refusal
	}
	return a.settle(ctx, nil, err, keys)
}

// SettleAs is Settle for a call whose outcome the caller has judged, in place of the policy's classifier: by what it has
// seen beside the error, or of several answers by the worst. Of a destructive one the keys are added to those that the gate
// was asked about: of what travelled with it.
func (a Attempt) SettleAs(ctx context.Context, outcome Outcome, err error, keys ...string) error {
	if !a.Admitted() {
		return a.Settle(ctx, err, keys...)
	}
	return a.settle(ctx, &outcome, err, keys)
}

// settle ends a call that ran. outcome is nil if the policy's classifier is to judge.
func (a Attempt) settle(ctx context.Context, outcome *Outcome, err error, keys []string) error {
	word := a.word
	if detail := a.detail; detail != nil {
		if detail.keys != nil && outcome != nil {
			keys = slices.Concat(detail.keys, keys)
		} else if detail.keys != nil {
			keys = detail.keys
		}
		if detail.cancel != nil {
			detail.cancel()
		}
		if detail.layer != nil {
			detail.layer.ended.Store(true)
		}
		if detail.blind {
			if err != nil {
				a.method.unanswered(ctx, err, keys)
			}
			return err
		}
		word = detail.word
	}
	if outcome == nil {
		judged := a.method.dependency.classify(ctx, err)
		outcome = &judged
	}
	a.method.settle(ctx, word, *outcome, err, keys)
	return err
}

// settle records the outcome of a call that ran, begun under word.
func (m *Method) settle(ctx context.Context, word uint64, outcome Outcome, err error, keys []string) {
	d := m.dependency
	switch outcome {
	case OutcomeFailure, OutcomeDegraded:
		now := d.failing()
		d.heed(err)
		m.mark(ctx, keys, now, err)
		d.record(word, outcome, err)
	case OutcomeSuccess:
		if plain := (Attempt{method: m, word: word &^ recording}); !plain.Succeeded(nil) {
			d.record(word, outcome, nil)
		}
		d.registry.suspects.clear(m, keys, epochOf(word))
	case OutcomeIgnored:
		m.unanswered(ctx, err, keys)
		d.record(word, outcome, err)
	}
}

// refusalGrain keeps many refusals from writing down each its own moment.
const refusalGrain = 10 * time.Millisecond

// refused notes that a call did not run. Of many in a row that the breaker refuses only the first is noted: the others come
// to the same.
func (m *Method) refused(ctx context.Context, refusal error, keys []string) {
	if _, denied := refusal.(*DestructiveDeniedError); denied {
		return // by the gate: the dependency has nothing to do with it
	}
	d := m.dependency
	if !d.hasNoted() {
		d.noteRefusal()
		d.unproveRefused()
	}
	m.doubt(ctx, refusal, keys)
}

// hasNoted reports whether the dependency refuses all calls, and has noted a refusal: another one says nothing new about it.
func (d *Dependency) hasNoted() bool { return d.word.Load()&(refusing|noted) == refusing|noted }

// unanswered notes a call that nobody knows the outcome of, because it was refused, or its caller went away: it says nothing
// about the dependency, but whoever acts on its error must not destroy because of it. A user who hangs up on a request that
// hangs is how most of an outage looks.
func (m *Method) unanswered(ctx context.Context, cause error, keys []string) {
	m.dependency.noteRefusal()
	m.dependency.unprove()
	m.doubt(ctx, cause, keys)
}

// doubt marks what a call without an outcome was about.
func (m *Method) doubt(ctx context.Context, cause error, keys []string) {
	if len(keys) > 0 || scopeOf(ctx) != nil {
		m.mark(ctx, keys, m.dependency.registry.clock.now(), cause)
	}
}

// noteRefusal notes the moment of a refusal.
func (d *Dependency) noteRefusal() {
	if now := d.registry.clock.now(); int64(now) > d.lastRefusal.Load() {
		d.lastRefusal.Store(int64(now.add(refusalGrain)))
	}
}

// mark taints the scope of ctx and the keys until hold from now.
func (m *Method) mark(ctx context.Context, keys []string, now moment, cause error) {
	d := m.dependency
	until := now.add(d.policy.Hold)
	if s := scopeOf(ctx); s != nil {
		s.mark(&taint{until: d.registry.clock.wall(until), dependency: d.name, cause: cause})
	}
	if len(keys) > 0 {
		d.registry.suspects.add(m, keys, epochOf(d.word.Load()), now, until, cause)
	}
}
