package guard

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"pgregory.net/rapid"
)

// reference is what a breaker should be: an engine of failsafe-go that is told of every result of its own generation,
// and the rules of this package for when a trial may run. Probes tell it themselves when they begin and end. Safe for
// concurrent use.
type reference struct {
	engine  engine
	backoff Backoff
	probed  bool

	mu         sync.Mutex
	state      circuitbreaker.State
	generation int // of results; it grows with each change of state
	lost       int // the generation of the last trial call that outlasted its lease; 0: none
	isolated   bool
	openings   int
	now        func() moment // which leaps with the wall clock when the machine was suspended
	closedAt   moment
	lease      moment          // end of the trial call of a dependency without a probe
	delays     []time.Duration // the longest possible delay of each opening that is announced with one
	successes  int             // of calls and probes, since there was a reason for an episode
	reasonAt   time.Time
	before     int // successes before all that happened at reasonAt
}

// sync notes a change of the engine's state. Requires r.mu.
func (r *reference) sync() {
	state := r.engine.State()
	if state == r.state {
		return
	}
	r.generation++
	switch state {
	case circuitbreaker.ClosedState:
		r.closedAt, r.lost = r.now(), 0
	case circuitbreaker.OpenState:
		if r.state == circuitbreaker.ClosedState && r.now().sub(r.closedAt) >= r.backoff.Max {
			r.openings = 0
		}
		longest := r.backoff.Max
		if r.openings < 30 {
			longest = min(longest, r.backoff.Min<<r.openings)
		}
		r.openings++
		r.reason()
		if !r.isolated {
			r.delays = append(r.delays, longest)
		}
	}
	r.state = state
}

// reason starts the count of successes over. Requires r.mu.
func (r *reference) reason() {
	if now := time.Now(); !now.Equal(r.reasonAt) {
		r.reasonAt, r.before = now, r.successes
	}
	r.successes = 0
}

// streak is how many successes there were; a reason of this very moment may have come after what is looked at. Requires
// r.mu.
func (r *reference) streak() int {
	if r.reasonAt.Equal(time.Now()) {
		return max(r.before, r.successes)
	}
	return r.successes
}

// trial makes the engine half-open, if a trial may begin, and returns the generation under which what begins now runs.
func (r *reference) trial() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == circuitbreaker.OpenState && !r.isolated {
		r.engine.HalfOpen()
		r.engine.TryAcquirePermit()
		r.sync()
	}
	return r.generation
}

// ended is told of every result.
func (r *reference) ended(generation int, outcome Outcome, probe bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case outcome == OutcomeSuccess:
		r.successes++
	case probe:
		r.reason()
	}
	if outcome == OutcomeSuccess && r.state == circuitbreaker.OpenState && generation == r.lost && generation != 0 && !r.isolated {
		r.engine.HalfOpen() // the lost trial came back after all: open, and closed in one step
		r.engine.TryAcquirePermit()
		generation = r.generation
	}
	if generation != r.generation {
		return // late
	}
	half := r.state == circuitbreaker.HalfOpenState
	switch {
	case outcome == OutcomeSuccess, outcome == OutcomeDegraded && half:
		r.engine.RecordSuccess()
	case outcome == OutcomeFailure:
		r.engine.RecordFailure()
	case outcome == OutcomeIgnored && half:
		r.engine.Open()
		r.openings = max(0, r.openings-1)
	}
	r.sync()
}

// expire ends the lease of the trial call of a generation.
func (r *reference) expire(generation int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation == generation && r.state == circuitbreaker.HalfOpenState && r.now() >= r.lease {
		r.lost = generation
		r.engine.RecordFailure()
		r.sync()
	}
}

// control is something that an operator or an observer does.
func (r *reference) control(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	do()
	r.sync()
}

// contest is a dependency beside its reference.
type contest struct {
	*guarded
	*reference

	w        *world
	calls    []underWay
	server   string // the generation that the probe reads
	stubborn int    // probes that ignore their end
	deaf     bool   // probes hang stubbornly
	release  chan struct{}
	opened   []Event // that were told with a delay
	over     string  // what was wrong with the end of an episode
	words    uint64  // generations of the word at the beginning
}

// probe is the contestant's probe: it tells the reference what it did.
func (c *contest) probe(ctx context.Context) error {
	generation := c.trial()
	err := c.ping(ctx)
	c.mu.Lock()
	stubborn := c.deaf && c.stubborn < hungLimit-1
	if stubborn {
		c.stubborn++
	}
	c.mu.Unlock()
	if stubborn {
		<-ctx.Done()
		c.ended(generation, OutcomeFailure, true)
		<-c.release
		return nil // late, and for nobody
	}
	c.ended(generation, c.dependency.classify(ctx, err), true)
	return err
}

// which is the generation that the probe reads.
func (c *contest) which(context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.server, nil
}

// due reports whether the delay of an open breaker is over.
func (d *Dependency) due() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.registry.clock.now() >= d.openUntil
}

func (c *contest) begin() {
	h, _ := c.w.Health("redis")
	due := h.Breaker == "open" && h.Isolated == "" && c.dependency.due()
	ctx, cancel := context.WithCancel(context.Background())
	a := c.get.Begin(ctx)
	if !a.Admitted() {
		cancel()
		_ = a.Settle(ctx, nil)
		return
	}
	generation := c.generation
	if !c.probed && due {
		generation = c.trial()
		lease := max(time.Second, h.Backoff)
		c.control(func() { c.lease = c.now().add(lease) })
		time.AfterFunc(lease, func() { c.expire(generation) })
	}
	c.calls = append(c.calls, underWay{a, generation, ctx, cancel})
}

// settle ends a call that is under way; often one of an older generation.
func (c *contest) settle(which int, err error) {
	if len(c.calls) == 0 {
		return
	}
	which %= len(c.calls)
	call := c.calls[which]
	c.calls = append(c.calls[:which:which], c.calls[which+1:]...)
	defer call.cancel()
	if errors.Is(err, context.Canceled) {
		call.cancel()
	}
	outcome := c.dependency.classify(call.ctx, err)
	if !call.attempt.Succeeded(err) {
		_ = call.attempt.Settle(call.ctx, err)
	}
	c.ended(call.generation, outcome, false)
}

// differs says where the dependency and its reference differ, or "".
func (c *contest) differs() string {
	d := c.dependency
	h, _ := c.w.Health("redis")
	c.mu.Lock()
	defer c.mu.Unlock()
	word := d.word.Load()
	shut := c.state != circuitbreaker.ClosedState || c.isolated
	switch {
	case h.Breaker != c.state.String():
		return fmt.Sprintf("the breaker is %s, its reference %s", h.Breaker, c.state)
	case (word&refusing != 0) != shut:
		return fmt.Sprintf("the word refuses: %t", !shut)
	case (word&generationMask)/generationUnit-c.words != uint64(c.generation):
		return fmt.Sprintf("the word is of generation %d, its reference of %d", (word&generationMask)/generationUnit-c.words, c.generation)
	case shut && !h.Recovering:
		return "shut without an episode"
	case len(c.opened) != len(c.delays):
		return fmt.Sprintf("%d openings were told, want %d", len(c.opened), len(c.delays))
	}
	for i, e := range c.opened {
		if e.Backoff > c.delays[i] || e.Backoff < c.delays[i]/2 || e.Backoff > c.backoff.Max || e.RetryAfter != e.Backoff {
			return fmt.Sprintf("opening %d waits %s, retry after %s; want %s to %s", i, e.Backoff, e.RetryAfter, c.delays[i]/2, c.delays[i])
		}
	}
	return c.over
}

// deed is one thing that happens to both.
type deed struct {
	name string
	do   func(c *contest, n int)
}

var deeds = []deed{
	{"begin", func(c *contest, n int) { c.begin() }},
	{"begin many", func(c *contest, n int) {
		for range n {
			c.begin()
		}
	}},
	{"begin", func(c *contest, n int) { c.begin() }},
	{"succeed", func(c *contest, n int) { c.settle(n, nil) }},
	{"succeed", func(c *contest, n int) { c.settle(n, nil) }},
	{"fail", func(c *contest, n int) { c.settle(n, errDown) }},
	{"fail", func(c *contest, n int) { c.settle(n, errDown) }},
	{"fail many", func(c *contest, n int) {
		for range n {
			c.settle(n, errDown)
		}
	}},
	{"read only", func(c *contest, n int) { c.settle(n, errReadOnly) }},
	{"cancel", func(c *contest, n int) { c.settle(n, context.Canceled) }},
	{"a moment", func(c *contest, n int) { sleep(time.Duration(n+1) * 70 * time.Millisecond) }},
	{"seconds", func(c *contest, n int) { sleep(time.Duration(n+1) * time.Second) }},
	{"the trial", func(c *contest, n int) {
		if h, _ := c.w.Health("redis"); !h.OpenUntil.IsZero() {
			sleep(time.Until(h.OpenUntil))
		}
	}},
	{"down", func(c *contest, n int) { c.set(errDown) }},
	{"up", func(c *contest, n int) { c.set(nil); c.control(func() { c.deaf = false }) }},
	{"up", func(c *contest, n int) { c.set(nil); c.control(func() { c.deaf = false }) }},
	{"probes are refused the write", func(c *contest, n int) { c.set(errReadOnly) }},
	{"probes hang", func(c *contest, n int) { c.hangs() }},
	{"probes hang for good", func(c *contest, n int) { c.control(func() { c.deaf = true }) }},
	{"a stall", func(c *contest, n int) {
		c.w.standStill(stallLimit + time.Duration(n+1)*time.Second)
		c.w.goOn()
		c.w.nextBeat()
	}},
	{"a suspend", func(c *contest, n int) {
		c.w.clock.wallShift.Add(int64(stallLimit) + int64(n+1)*int64(time.Minute))
		c.w.nextBeat()
		if !c.probed {
			c.expire(c.generation) // a trial call that slept through its lease
		}
	}},
	{"another server", func(c *contest, n int) { c.control(func() { c.server = fmt.Sprint(n) }) }},
	{"isolate", func(c *contest, n int) {
		c.control(func() {
			c.isolated = true
			c.reason()
			c.engine.Open()
		})
		_ = c.w.Isolate("redis", "test")
	}},
	{"restore", func(c *contest, n int) {
		c.control(func() {
			if c.isolated {
				c.isolated, c.openings = false, 0
			}
		})
		_ = c.w.Restore("redis")
	}},
	{"reported unhealthy", func(c *contest, n int) { c.report(Unhealthy, func() { c.reason(); c.engine.Open() }) }},
	{"reported healthy", func(c *contest, n int) {
		c.report(Healthy, func() { c.successes++; c.engine.Close(); c.engine.RecordSuccess() })
	}},
	{"reported degraded", func(c *contest, n int) { c.report(Degraded, func() {}) }},
	{"reported unknown", func(c *contest, n int) { c.report(Unknown, func() {}) }},
	{"a failure is reported", func(c *contest, n int) {
		c.control(func() {
			if c.state == circuitbreaker.ClosedState {
				c.engine.RecordFailure()
			}
		})
		_ = c.w.RecordFailure("redis", errDown)
	}},
	{"a success is reported", func(c *contest, n int) {
		h, _ := c.w.Health("redis")
		due := !c.probed && h.Breaker == "open" && c.dependency.due()
		c.control(func() {
			if c.isolated || c.state != circuitbreaker.ClosedState && !due {
				return
			}
			c.successes++
			if due {
				c.engine.HalfOpen()
				c.engine.TryAcquirePermit()
				c.sync()
			}
			c.engine.RecordSuccess()
		})
		_ = c.w.RecordSuccess("redis")
	}},
	{"probe", func(c *contest, n int) { go func() { _ = c.w.Probe(context.Background(), "redis") }() }},
	{"ask", func(c *contest, n int) {
		go func() { _ = c.w.AllowDestructive(NewScope(context.Background()), "Prune") }()
	}},
}

func (c *contest) report(state DependencyState, do func()) {
	c.control(func() {
		if !c.isolated {
			do()
		}
	})
	_ = c.w.SetState("redis", state, "test")
}

// told looks at the events of the dependency.
func (c *contest) told(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.Kind == EventTransition && e.Backoff > 0:
		c.opened = append(c.opened, e)
	case e.Kind == EventStall:
		c.reason()
	case e.Kind == EventEpisode && e.RetryAfter > 0 && c.streak() < 3:
		c.over = fmt.Sprintf("an episode ended after %d successes", c.streak())
	}
}

// contend plays a history, and returns where the two differ, or "".
func contend(w *world, threshold Threshold, e engine, probed, recognised bool, history []deed, numbers []int) string {
	backoff := Backoff{Min: time.Second, Max: 5 * time.Second}
	changes := []func(*Spec){policy(func(p *Policy) {
		p.Threshold, p.Backoff = threshold, backoff
		p.Classify = func(ctx context.Context, err error) Outcome {
			if errors.Is(err, errReadOnly) {
				return OutcomeDegraded
			}
			return Classify(ctx, err)
		}
	})}
	if !probed {
		changes = append(changes, withoutProbe)
	}
	w.repeatable(len(history))
	c := &contest{
		w: w, guarded: w.guard("redis", changes...), release: make(chan struct{}), server: "first",
		reference: &reference{engine: e, backoff: backoff, probed: probed, state: circuitbreaker.ClosedState, now: w.clock.now, closedAt: w.clock.now()},
	}
	defer close(c.release)
	if probed {
		c.probeWith(c.probe)
	}
	if probed && recognised {
		_, _ = w.Dependency("redis", Policy{}, WithGeneration(c.which))
	}
	c.words = c.dependency.word.Load() & generationMask / generationUnit
	w.Subscribe(c.told)
	defer func() {
		for _, call := range c.calls {
			call.cancel()
		}
	}()
	for i, deed := range history {
		deed.do(c, numbers[i%len(numbers)])
		synctest.Wait()
		difference := c.differs()
		if difference == "" {
			difference = c.dependency.coherent()
		}
		if difference != "" {
			return fmt.Sprintf("after step %d, %s: %s", i, deed.name, difference)
		}
	}
	return ""
}

// repeatable draws the jitter of the registry from a seed. It must come before whatever draws.
func (w *world) repeatable(seed int) {
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(1, uint64(seed)))
	w.random = func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return source.Float64()
	}
}

func (d deed) GoString() string { return d.name }

// TestBreakerIsItsReferenceWhateverHappens holds the breaker and its word, in long random histories, against an engine of
// failsafe-go that sees everything.
func TestBreakerIsItsReferenceWhateverHappens(t *testing.T) {
	builder := func() circuitbreaker.Builder[any] { return newRawEngine().WithDelay(1 << 62).WithSuccessThreshold(1) }
	rows := map[string]struct {
		threshold Threshold
		full      func() engine
	}{
		"consecutive": {Threshold{Failures: 3}, func() engine { return builder().WithFailureThreshold(3).Build() }},
		"in a period": {Threshold{Failures: 3, Period: 10 * time.Second}, func() engine {
			return builder().WithFailureThresholdPeriod(3, 10*time.Second).Build()
		}},
		"rate": {Threshold{Percent: 50, Period: 10 * time.Second, MinCalls: 6}, func() engine {
			return builder().WithFailureRateThreshold(.5, 6, 10*time.Second).Build()
		}},
	}
	for name, row := range rows {
		for _, probed := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, probed %t", name, probed), func(t *testing.T) {
				openings, episodes := 0, 0
				rapid.Check(t, func(rt *rapid.T) {
					history := rapid.SliceOfN(rapid.SampledFrom(deeds), 80, 300).Draw(rt, "history")
					numbers := rapid.SliceOfN(rapid.IntRange(0, 7), 20, 100).Draw(rt, "numbers")
					recognised := rapid.Bool().Draw(rt, "recognised")
					difference := ""
					inWorld(t, func(t *testing.T, w *world) {
						difference = contend(w, row.threshold, row.full(), probed, recognised, history, numbers)
						h, _ := w.Health("redis")
						episodes += h.Episode
						for _, e := range w.Events() {
							if e.Backoff > 0 {
								openings++
							}
						}
					})
					if difference != "" {
						rt.Fatal(difference)
					}
				})
				if openings < 100 || episodes < 100 {
					t.Errorf("%d openings and %d episodes: too little was compared", openings, episodes)
				}
			})
		}
	}
}
