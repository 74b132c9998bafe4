package guard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"pgregory.net/rapid"
)

// The request path does not tell the engine of every success. Whether that changes when a breaker opens is asked here of
// a second engine which sees everything.

// step is one thing that happens in a random history.
type step struct {
	kind  string // "begin", "success", "failure", "degraded", "ignored" or "pass"
	which int    // of the calls under way; it wraps around
	pass  time.Duration
}

func (s step) String() string {
	if s.kind == "pass" {
		return s.pass.String()
	}
	return fmt.Sprintf("%s(%d)", s.kind, s.which)
}

func (s step) GoString() string { return s.String() }

var steps = rapid.Custom(func(t *rapid.T) step {
	s := step{kind: rapid.SampledFrom([]string{
		"begin", "begin", "begin", "begin", "success", "success", "failure", "failure", "failure", "degraded", "ignored", "pass",
	}).Draw(t, "kind")}
	s.which = rapid.IntRange(0, 7).Draw(t, "which")
	if s.kind == "pass" {
		s.pass = time.Duration(rapid.IntRange(1, 4000).Draw(t, "ms")) * time.Millisecond
	}
	return s
})

var errReadOnly = errors.New("read only")

// underWay is a call that has begun.
type underWay struct {
	attempt    Attempt
	generation int
	ctx        context.Context
	cancel     context.CancelFunc
}

// play runs a history against a guarded dependency and against an engine that sees every result of its generation. It
// returns where the two disagree, or "".
func play(t *testing.T, w *world, threshold Threshold, full engine, history []step) string {
	g := w.guard("redis", withoutProbe, policy(func(p *Policy) {
		p.Threshold = threshold
		p.Backoff = Backoff{Min: time.Second, Max: 2 * time.Second}
		p.Classify = func(ctx context.Context, err error) Outcome {
			if errors.Is(err, errReadOnly) {
				return OutcomeDegraded
			}
			return Classify(ctx, err)
		}
	}))
	generation := 0
	var calls []underWay
	settle := func(which int, outcome Outcome) {
		if len(calls) == 0 {
			return
		}
		which %= len(calls)
		c := calls[which]
		calls = slices.Delete(calls, which, which+1)
		defer c.cancel()
		err := map[Outcome]error{OutcomeSuccess: nil, OutcomeFailure: errDown, OutcomeDegraded: errReadOnly, OutcomeIgnored: context.Canceled}[outcome]
		if outcome == OutcomeIgnored {
			c.cancel()
		}
		if !c.attempt.Succeeded(err) {
			_ = c.attempt.Settle(c.ctx, err)
		}
		switch {
		case c.generation != generation: // late
		case outcome == OutcomeSuccess:
			full.RecordSuccess()
		case outcome == OutcomeFailure:
			full.RecordFailure()
		}
	}
	for i, s := range history {
		switch s.kind {
		case "begin":
			ctx, cancel := context.WithCancel(context.Background())
			if a := g.get.Begin(ctx); a.Admitted() {
				calls = append(calls, underWay{a, generation, ctx, cancel})
			} else {
				cancel()
				_ = a.Settle(ctx, nil)
			}
		case "success":
			settle(s.which, OutcomeSuccess)
		case "failure":
			settle(s.which, OutcomeFailure)
		case "degraded":
			settle(s.which, OutcomeDegraded)
		case "ignored":
			settle(s.which, OutcomeIgnored)
		case "pass":
			sleep(s.pass)
		}
		h, _ := w.Health("redis")
		if h.Breaker != full.State().String() {
			return fmt.Sprintf("after step %d, %s: the breaker is %s, an engine that sees everything is %s", i, s, h.Breaker, full.State())
		}
		if h.Breaker == "open" { // come back by one trial, and go on with a fresh count
			generation++
			w.untilTrial("redis")
			full.HalfOpen()
			if err := g.Get(context.Background()); err != nil {
				return fmt.Sprintf("after step %d: the trial was refused: %v", i, err)
			}
			full.TryAcquirePermit()
			full.RecordSuccess()
			generation++
		}
	}
	for _, c := range calls {
		c.cancel()
	}
	return ""
}

func TestBreakerOpensExactlyWhenAnEngineThatSeesEverythingDoes(t *testing.T) {
	builder := func() circuitbreaker.Builder[any] { return newRawEngine().WithDelay(1 << 62).WithSuccessThreshold(1) }
	rows := map[string]struct {
		threshold Threshold
		full      func() engine
	}{
		"consecutive": {Threshold{Failures: 4}, func() engine {
			return builder().WithFailureThreshold(4).Build()
		}},
		"in a period": {Threshold{Failures: 4, Period: 10 * time.Second}, func() engine {
			return builder().WithFailureThresholdPeriod(4, 10*time.Second).Build()
		}},
		"rate": {Threshold{Percent: 60, Period: 10 * time.Second, MinCalls: 8}, func() engine {
			return builder().WithFailureRateThreshold(.6, 8, 10*time.Second).Build()
		}},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			opened := 0
			rapid.Check(t, func(rt *rapid.T) {
				history := rapid.SliceOfN(steps, 20, 200).Draw(rt, "history")
				difference := ""
				inWorld(t, func(t *testing.T, w *world) {
					difference = play(t, w, row.threshold, row.full(), history)
					h, _ := w.Health("redis")
					opened += h.Episode
				})
				if difference != "" {
					rt.Fatal(difference)
				}
			})
			if opened == 0 {
				t.Error("no history opened the breaker: nothing was compared")
			}
		})
	}
}

func TestSuccessesReachTheEngineOnlyWhereTheyMatter(t *testing.T) {
	rows := map[string]struct {
		threshold Threshold
		recorded  uint // of 50 successes after a proof
	}{
		"consecutive": {Threshold{Failures: 100}, 0},
		"in a period": {Threshold{Failures: 100, Period: time.Minute}, 0},
		"rate":        {Threshold{Percent: 50, Period: time.Minute, MinCalls: 100}, 50},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis", withoutProbe, policy(func(p *Policy) { p.Threshold = row.threshold }))
				w.prove(g)
				before := g.dependency.engine.Metrics().Successes()
				for range 50 {
					w.prove(g)
				}
				if n := g.dependency.engine.Metrics().Successes() - before; n != row.recorded {
					t.Fatalf("%d of 50 successes were recorded, want %d", n, row.recorded)
				}
				g.fail(1)
				before = g.dependency.engine.Metrics().Successes()
				w.prove(g)
				if g.dependency.engine.Metrics().Successes() != before+1 {
					t.Error("the first success after a failure was not recorded")
				}
			})
		})
	}
}

func TestReportedHealthStartsTheCountOver(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", withoutProbe)
		w.prove(g)
		g.fail(4)
		if err := w.SetState("redis", Healthy, "somebody saw it work"); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			w.prove(g)
		}
		g.fail(4)
		w.wantBreaker("redis", "closed")
		g.fail(1)
		w.wantBreaker("redis", "open")
	})
}

func TestTrialCancelledAfterARestoreHarmsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", withoutProbe)
		_ = w.Isolate("redis", "maintenance")
		_ = w.Restore("redis")
		ctx, cancel := context.WithCancel(t.Context())
		trial := g.get.Begin(ctx)
		if !trial.Admitted() {
			t.Fatal("the trial was refused")
		}
		cancel()
		_ = trial.Settle(ctx, context.Canceled)
		w.wantBreaker("redis", "open")
		w.untilTrial("redis")
		w.prove(g)
		w.wantBreaker("redis", "closed")
	})
}
