package guard

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// mode is the state of a breaker as this package drives it.
type mode uint8

const (
	closed mode = iota
	open
	halfOpen
)

// String returns "closed", "open" or "half-open".
func (m mode) String() string { return [...]string{"closed", "open", "half-open"}[m] }

// Dependency is one guarded dependency: its breaker, its evidence and its episodes. Interfaces and [Call]s that name
// the same dependency share it. Safe for concurrent use.
type Dependency struct {
	// The first cache line is all that the request path touches.
	word  atomic.Uint64
	proof atomic.Uint64  // the last success: see proof
	tick  *atomic.Uint32 // the registry's coarse clock
	_     [40]byte

	registry *HealthRegistry
	name     string
	policy   Policy  // defaults set
	owner    string  // the interface, or the function, that registered it first
	required bool    // by every destructive operation
	unnamed  *Method // of calls that say no operation

	refusal      atomic.Pointer[DependencyUnhealthyError] // what refused calls return; shared
	shed         atomic.Pointer[DependencyUnhealthyError] // what shed heavy reads return; shared
	lastFailure  atomic.Int64                             // moment
	lastRefusal  atomic.Int64                             // moment, up to refusalGrain too late
	episodeEnded atomic.Int64                             // moment; forever while an episode is open; 0 before the first
	illness      atomic.Pointer[error]                    // what opened the last episode
	airborne     atomic.Bool                              // a probe is in the air
	recognised   atomic.Bool                              // it has a generation, so that every ask of the gate reads it
	layered      atomic.Bool                              // a guard of its transport stands below the wrappers
	askedFor     atomic.Int64                             // moment before which failed calls said not to try again; 0: none did since the last success
	registered   moment

	mu       sync.Mutex // guards all below; never held over a call, a probe or a callback
	engine   circuitbreaker.CircuitBreaker[any]
	mode     mode
	isolated string // reason; "" if not isolated
	proven   bool   // it has succeeded since it was last unknown
	methods  map[string]*Method
	timer    *time.Timer
	gone     bool // the registry is closed

	// closed
	failures      int      // since the last success
	recent        []moment // the last failures within the threshold's period, for degraded
	degradedUntil moment
	calmUntil     moment // no new degradation before, so that one line in 5 s is the most
	closedAt      moment
	lastError     error

	// open and half-open
	openings     int // since the last stable closed period
	openUntil    moment
	crowdedUntil moment // no probe of the loop before
	delay        time.Duration
	lease        moment // end of a trial call's time, 0 if a probe decides
	lost         uint64 // word of the last trial call that outlasted its lease

	// evidence and probes
	probe       *prober
	flight      *flight // in the air
	booked      *flight // to start when the one in the air has landed, and spacing allows
	lastProbe   moment
	failedProbe int     // failed probes in a row
	generation  *string // as last read; nil: never
	generatedAt moment  // when the probe began that last read it
	watchAt     moment

	// episodes
	episode      int // number of the current or last one
	episodeOpen  bool
	episodeSince moment
	episodeEpoch epoch // when something last opened it, or would have
	callStreak   int   // calls in a row that succeeded and began after the last failure
	probeStreak  int   // probes in a row that succeeded
	recovered    bool  // callStreak was long enough since the last turn
	turnAt       moment

	isolatedAt moment
	changedAt  moment // of the state
	shown      view   // the last state that was announced
}

// view is what transitions are announced between.
type view struct {
	state    DependencyState
	mode     mode
	isolated string
}

// Name is the name under which the dependency is registered.
func (d *Dependency) Name() string { return d.name }

// newEngine builds the failsafe-go breaker that counts for p. Its own delay is out of the way (the standalone API
// ignores delay functions and flips lazily), no listener is attached (they are unordered, and a panic in one is fatal),
// and half-open admits exactly one permit.
func newEngine(p Policy) circuitbreaker.CircuitBreaker[any] {
	const never = time.Duration(1 << 62)
	b := circuitbreaker.NewBuilder[any]().WithDelay(never).WithSuccessThreshold(1)
	t := p.Threshold

	switch {
	case t.Percent > 0:
		b = b.WithFailureRateThreshold(float64(t.Percent)/100, uint(t.MinCalls), t.Period)
	case t.Period > 0:
		b = b.WithFailureThresholdPeriod(uint(t.Failures), t.Period)
	default:
		b = b.WithFailureThreshold(uint(t.Failures))
	}
	return b.Build()
}

// state derives the state from what is known. Requires d.mu.
func (d *Dependency) state() DependencyState {
	switch {
	case d.isolated != "" || d.mode != closed:
		return Unhealthy
	case d.degradedUntil != 0:
		return Degraded
	case !d.proven:
		return Unknown
	default:
		return Healthy
	}
}

// flags derives the flags of the word. Requires d.mu.
func (d *Dependency) flags() uint64 {
	flags := always
	if d.gone || d.isolated != "" || d.mode != closed {
		flags |= refusing
	}
	if d.degradedUntil != 0 {
		flags |= shedding
	}
	if d.mode == open && d.isolated == "" && !d.usesProbe() {
		flags |= trying
	}
	if d.failures > 0 || d.episodeOpen || !d.proven || d.mode != closed || d.policy.Threshold.Percent > 0 {
		flags |= recording
	}
	return flags
}

// setFlags brings the flags of the word up to date and, on a change of the breaker's state, moves on its generation.
// Epochs are bumped without the lock, so the rest of the word is exchanged around them. Requires d.mu.
func (d *Dependency) setFlags(nextGeneration bool) {
	flags := d.flags()
	for {
		old := d.word.Load()
		if old&noted != 0 {
			d.refusedUntilNow()
		}
		word := old&^(generationUnit-1) | flags
		if nextGeneration {
			word = word&^generationMask | (word+generationUnit)&generationMask
		}
		if d.word.CompareAndSwap(old, word) {
			if (old^word)&refusing != 0 {
				d.registry.disturb()
			}
			return
		}
	}
}

// freshWord is the word under which a trial or a probe begins: refusals from now on bump the epoch again.
func (d *Dependency) freshWord() uint64 {
	for {
		old := d.word.Load()
		if old&noted == 0 {
			return old
		}
		d.refusedUntilNow()
		if d.word.CompareAndSwap(old, old&^noted) {
			return old &^ noted
		}
	}
}

// refusedUntilNow makes up for refusals that were not noted: the last was no later than now.
func (d *Dependency) refusedUntilNow() {
	for now := int64(d.registry.clock.now()); ; {
		last := d.lastRefusal.Load()
		if last >= now || d.lastRefusal.CompareAndSwap(last, now) {
			return
		}
	}
}
