package guard

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// ordeal is one thing that happens to a dependency, its client or its registry.
type ordeal struct {
	name string
	do   func(o *ordealed)
}

func (o ordeal) String() string { return o.name }

func (o ordeal) GoString() string { return o.name }

// ordealed is what ordeals happen to.
type ordealed struct {
	*guarded

	w       *world
	pending []underWay
}

func (o *ordealed) begin() {
	ctx, cancel := context.WithCancel(context.Background())
	a := o.get.Begin(ctx)
	if !a.Admitted() {
		cancel()
		_ = a.Settle(ctx, nil)
		return
	}
	o.pending = append(o.pending, underWay{attempt: a, ctx: ctx, cancel: cancel})
}

// settle ends the oldest call that is under way.
func (o *ordealed) settle(err error) {
	if len(o.pending) == 0 {
		return
	}
	c := o.pending[0]
	o.pending = o.pending[1:]
	defer c.cancel()
	if errors.Is(err, context.Canceled) {
		c.cancel()
	}
	if !c.attempt.Succeeded(err) {
		_ = c.attempt.Settle(c.ctx, err)
	}
}

func (o *ordealed) untilTrial() {
	if h, _ := o.w.Health("redis"); !h.OpenUntil.IsZero() {
		sleep(time.Until(h.OpenUntil))
	}
}

// forget loses the oldest call that is under way.
func (o *ordealed) forget() {
	if len(o.pending) > 0 {
		o.pending[0].cancel()
		o.pending = o.pending[1:]
	}
}

var ordeals = []ordeal{
	{"a moment", func(*ordealed) { sleep(7 * time.Millisecond) }},
	{"a second", func(*ordealed) { sleep(time.Second) }},
	{"a minute", func(*ordealed) { sleep(time.Minute) }},
	{"the trial", (*ordealed).untilTrial},
	{"the trial begins", func(o *ordealed) { o.untilTrial(); o.begin() }},
	{"5 failures", func(o *ordealed) { o.fail(5) }},
	{"down", func(o *ordealed) { o.set(errDown) }},
	{"up", func(o *ordealed) { o.set(nil) }},
	{"read only", func(o *ordealed) { o.set(errReadOnly) }},
	{"hanging", func(o *ordealed) { o.hangs() }},
	{"begin", (*ordealed).begin},
	{"begin", (*ordealed).begin},
	{"succeed", func(o *ordealed) { o.settle(nil) }},
	{"fail", func(o *ordealed) { o.settle(errDown) }},
	{"cancel", func(o *ordealed) { o.settle(context.Canceled) }},
	{"forget", (*ordealed).forget},
	{"isolate and restore", func(o *ordealed) { _ = o.w.Isolate("redis", "test"); _ = o.w.Restore("redis") }},
	{"isolate", func(o *ordealed) { _ = o.w.Isolate("redis", "test") }},
	{"restore", func(o *ordealed) { _ = o.w.Restore("redis") }},
	{"restore and begin", func(o *ordealed) { _ = o.w.Restore("redis"); o.begin() }},
	{"unhealthy", func(o *ordealed) { _ = o.w.SetState("redis", Unhealthy, "test") }},
	{"degraded", func(o *ordealed) { _ = o.w.SetState("redis", Degraded, "test") }},
	{"healthy", func(o *ordealed) { _ = o.w.SetState("redis", Healthy, "test") }},
	{"unknown", func(o *ordealed) { _ = o.w.SetState("redis", Unknown, "test") }},
	{"record success", func(o *ordealed) { _ = o.w.RecordSuccess("redis") }},
	{"record failure", func(o *ordealed) { _ = o.w.RecordFailure("redis", errDown) }},
	{"probe", func(o *ordealed) { go func() { _ = o.w.Probe(context.Background(), "redis") }() }},
	{"call with a probe", func(o *ordealed) {
		go func() {
			_, _ = Call(context.Background(), o.dependency, func(ctx context.Context) (int, error) {
				ctx, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				return 0, o.do(ctx)
			}, WithProbe(o.ping))
		}()
	}},
	{"heavy", func(o *ordealed) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = o.List(ctx)
	}},
	{"ask", func(o *ordealed) { go func() { _ = o.w.AllowDestructive(context.Background(), "Drop") }() }},
}

// coherent says what is wrong with the state of a dependency, or "".
func (d *Dependency) coherent() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	word := d.word.Load()
	switch {
	case d.mode.String() != d.engine.State().String():
		return fmt.Sprintf("the engine is %s, the breaker %s", d.engine.State(), d.mode)
	case word&(generationUnit-1)&^noted != d.flags():
		return fmt.Sprintf("the word has flags %b, want %b", word&(generationUnit-1)&^noted, d.flags())
	case d.mode == halfOpen && d.flight == nil && d.lease == 0:
		return "half-open, without a trial that could end it"
	case d.episodeOpen != (moment(d.episodeEnded.Load()) == forever):
		return "the gate does not know whether an episode is open"
	case d.shown.state != d.state() || d.shown.mode != d.mode:
		return "a transition was not announced"
	}
	return ""
}

func TestDependencyThatWorksAgainIsTrustedAgainWhateverHappened(t *testing.T) {
	for _, probed := range []bool{true, false} {
		t.Run(fmt.Sprintf("probed %t", probed), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				history := rapid.SliceOfN(rapid.SampledFrom(ordeals), 1, 60).Draw(rt, "history")
				wrong := ""
				inWorld(t, func(t *testing.T, w *world) {
					changes := []func(*Spec){policy(func(p *Policy) {
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
					o := &ordealed{guarded: w.guard("redis", changes...), w: w}
					for i, happens := range history {
						happens.do(o)
						synctest.Wait()
						if wrong = o.dependency.coherent(); wrong != "" {
							wrong = fmt.Sprintf("after step %d, %s: %s", i, happens, wrong)
							return
						}
					}
					o.set(nil)
					_ = w.Restore("redis")
					for range 70 { // the longest delay, a trial, and what degradation lasts
						_ = o.Get(context.Background())
						sleep(time.Second)
					}
					if s := w.State("redis"); s != Healthy {
						wrong = fmt.Sprintf("it is %s, 70 s after it works again", s)
					}
					sleep(65 * time.Second) // hold, and the three probes before it
					if err := w.AllowDestructive(NewScope(context.Background()), "Prune"); probed && err != nil {
						wrong = fmt.Sprintf("the gate is still shut: %v", err)
					}
				})
				if wrong != "" {
					rt.Fatal(wrong)
				}
			})
		})
	}
}
