package guard

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBreakerOpensAfterTheThreshold(t *testing.T) {
	thresholds := map[string]struct {
		threshold Threshold
		failures  int
	}{
		"default":     {Threshold{}, 5},
		"one":         {Threshold{Failures: 1}, 1},
		"consecutive": {Threshold{Failures: 7}, 7},
		"in a period": {Threshold{Failures: 4, Period: 10 * time.Second}, 4},
		"rate":        {Threshold{Percent: 50, Period: 10 * time.Second, MinCalls: 6}, 6},
	}
	for name, row := range thresholds {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis", policy(func(p *Policy) { p.Threshold = row.threshold }))
				g.fail(row.failures - 1)
				if h, _ := w.Health("redis"); h.Breaker != "closed" {
					t.Fatalf("breaker %s after %d failures", h.Breaker, row.failures-1)
				}
				g.fail(1)
				if h, _ := w.Health("redis"); h.Breaker != "open" {
					t.Fatalf("breaker %s after %d failures", h.Breaker, row.failures)
				}
				calls, _ := g.count()
				err := g.Get(t.Context())
				if after, _ := g.count(); after != calls || !errors.Is(err, ErrUnhealthy) {
					t.Fatalf("an open breaker let a call through, or gave %v", err)
				}
			})
		})
	}
}

func TestSuccessStartsTheCountOver(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		for range 10 {
			g.fail(4)
			w.prove(g)
		}
		if h, _ := w.Health("redis"); h.Breaker != "closed" {
			t.Errorf("breaker %s, though no 5 failures came in a row", h.Breaker)
		}
	})
}

func TestHalfOpenAdmitsASingleProbeAndClosesOnSuccess(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.fail(5)
		calls, probes := g.count()
		opened, _ := w.Health("redis")
		hold := make(chan struct{})
		g.probeWith(func(ctx context.Context) error { <-hold; return g.ping(ctx) })
		sleep(time.Until(opened.OpenUntil) + time.Microsecond)
		if h, _ := w.Health("redis"); h.Breaker != "half-open" {
			t.Fatalf("breaker %s when the delay is over", h.Breaker)
		}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if err := g.Get(context.Background()); !errors.Is(err, ErrUnhealthy) {
					t.Errorf("half-open let a call through: %v", err)
				}
			})
		}
		wg.Wait()
		close(hold)
		sleep(10 * time.Millisecond)
		w.wantState("redis", Healthy)
		afterCalls, afterProbes := g.count()
		if afterCalls != calls || afterProbes != probes+1 {
			t.Fatalf("%d calls and %d probes ran in half-open, want 0 and 1", afterCalls-calls, afterProbes-probes)
		}
		w.prove(g)
	})
}

func TestBreakerReopensWhenTrialFails(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.fail(5)
		g.set(errDown)
		var delays []time.Duration
		w.Subscribe(func(e Event) {
			if e.Breaker == "open" {
				delays = append(delays, e.Backoff)
			}
		})
		sleep(10 * time.Minute)
		w.wantState("redis", Unhealthy)
		if len(delays) < 12 {
			t.Fatalf("only %d trials in 10 minutes", len(delays))
		}
		for i, d := range delays {
			if limit := min(time.Minute, time.Second<<(i+1)); d > limit || d < limit/2 {
				t.Errorf("delay %d = %s, want %s..%s", i, d, limit/2, limit)
			}
		}
		g.set(nil)
		sleep(time.Minute)
		w.wantState("redis", Healthy)
	})
}

func TestGrowthSurvivesFlappingAndEndsAfterAStablePeriod(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Backoff = Backoff{time.Second, 16 * time.Second} }))
		reopen := func() time.Duration {
			g.fail(5)
			h, _ := w.Health("redis")
			sleep(h.Backoff + 10*time.Millisecond)
			w.wantState("redis", Healthy)
			return h.Backoff
		}
		for range 6 {
			reopen()
		}
		if d := reopen(); d < 8*time.Second {
			t.Errorf("delay %s after 6 short closed periods, want at least half of the cap", d)
		}
		sleep(17 * time.Second)
		if d := reopen(); d > time.Second {
			t.Errorf("delay %s after a stable closed period, want at most 1s", d)
		}
	})
}

func TestDependencyHealsWhateverItsProbeDoes(t *testing.T) {
	for name, probe := range map[string]func(context.Context) error{
		"hangs":               func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"panics":              func(context.Context) error { panic("probe") },
		"exits":               func(context.Context) error { runtime.Goexit(); return nil },
		"says cancelled":      func(context.Context) error { return context.Canceled },
		"says refused itself": func(context.Context) error { return ErrUnhealthy },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis")
				g.fail(5)
				g.probeWith(probe)
				sleep(5 * time.Minute)
				w.wantState("redis", Unhealthy)
				g.probeWith(g.ping)
				sleep(time.Minute + time.Second)
				w.wantState("redis", Healthy)
			})
		})
	}
}

func TestProbeThatIgnoresItsContextIsGivenUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		g.fail(5)
		release := make(chan struct{})
		g.probeWith(func(context.Context) error { <-release; return nil })
		sleep(3 * time.Second)
		w.wantState("redis", Unhealthy)
		g.probeWith(g.ping)
		sleep(10 * time.Second)
		w.wantState("redis", Healthy)
		close(release)
	})
}

func TestAtMostOneProbeIsInTheAir(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		for range 30 {
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() { _ = w.Probe(context.Background(), "redis") })
				wg.Go(func() { _ = g.Drop(NewScope(context.Background())) })
			}
			wg.Wait()
			g.fail(5)
			sleep(700 * time.Millisecond)
		}
		if g.most != 1 {
			t.Fatalf("%d probes in the air at once", g.most)
		}
	})
}

func TestLateResultsDoNotReachTheBreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		success, failure := g.get.Begin(t.Context()), g.get.Begin(t.Context())
		g.fail(5)
		w.wantState("redis", Unhealthy)
		_ = success.Settle(t.Context(), nil)
		w.wantState("redis", Unhealthy)
		sleep(2 * time.Second)
		w.wantState("redis", Healthy)
		before := epochOf(g.dependency.word.Load())
		_ = failure.Settle(t.Context(), errDown)
		h, _ := w.Health("redis")
		if h.Failures != 0 {
			t.Errorf("a late failure counts for the breaker: %d", h.Failures)
		}
		if epochOf(g.dependency.word.Load()) == before {
			t.Error("a late failure does not bump the epoch")
		}
	})
}

func TestCallerCancelIsNoFailure(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.hangs()
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = g.Get(ctx) }()
			synctest.Wait()
			cancel()
			<-done
		}
		w.wantState("redis", Healthy)
	})
}

func TestContextThatIsDoneBeforeTheCallSaysNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.hangs()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		for range 20 { // only the first has a chance to run
			_ = g.Get(ctx)
		}
		if h, _ := w.Health("redis"); h.Failures != 1 {
			t.Errorf("%d failures, want 1", h.Failures)
		}
	})
}

func TestDeadlineIsAFailure(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) { p.Timeout = 100 * time.Millisecond }))
		g.hangs()
		began := time.Now()
		for range 5 {
			if err := g.Get(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("error = %v", err)
			}
		}
		if took := time.Since(began); took != 500*time.Millisecond {
			t.Errorf("5 calls took %s, want 500ms", took)
		}
		w.wantState("redis", Unhealthy)
	})
}

func TestPanicOfACallHoldsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		for range 20 {
			func() {
				defer func() {
					if recover() == nil {
						t.Error("the panic did not go on up")
					}
				}()
				_, _ = Call(t.Context(), g.dependency, func(context.Context) (int, error) { panic("mine") })
			}()
		}
		w.prove(g)
		w.wantState("redis", Healthy)
	})
}

func TestPanickingClassifierCountsAsFailure(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) {
			p.Classify = func(context.Context, error) Outcome { panic("classifier") }
		}))
		g.fail(5)
		w.wantState("redis", Unhealthy)
	})
}

func TestIdleDependencyIsProbed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		sleep(time.Minute)
		w.wantState("redis", Healthy)
		if _, probes := g.count(); probes < 24 || probes > 40 {
			t.Errorf("%d probes in an idle minute, want one each 2s ±20%%", probes)
		}
	})
}

func TestTrafficSparesProbes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		for range 600 {
			w.prove(g)
			sleep(100 * time.Millisecond)
		}
		if _, probes := g.count(); probes != 0 {
			t.Errorf("%d probes beside traffic", probes)
		}
	})
}

func TestHangingTrafficDoesNotSpareProbes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.hangs()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _ = g.Get(ctx) })
		}
		sleep(20 * time.Second)
		w.wantState("redis", Unhealthy)
		cancel()
		wg.Wait()
	})
}

func TestWithoutProbeARegularCallIsTheTrial(t *testing.T) {
	setup := func(w *world) *guarded {
		g := w.guard("cache", withoutProbe)
		g.fail(5)
		sleep(time.Second)
		return g
	}
	inWorld(t, func(t *testing.T, w *world) {
		g := setup(w)
		if err := g.List(t.Context()); !errors.Is(err, ErrUnhealthy) {
			t.Fatalf("a heavy read was the trial: %v", err)
		}
		w.prove(g)
		w.wantState("cache", Healthy)
	})
	t.Run("cancelled", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := setup(w)
			ctx, cancel := context.WithCancel(t.Context())
			trial := g.get.Begin(ctx)
			cancel()
			_ = trial.Settle(ctx, ctx.Err())
			w.wantState("cache", Unhealthy)
			sleep(time.Second)
			w.prove(g)
			w.wantState("cache", Healthy)
		})
	})
	t.Run("lost", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := setup(w)
			if trial := g.get.Begin(t.Context()); !trial.Admitted() {
				t.Fatal("no trial")
			}
			if err := g.Get(t.Context()); !errors.Is(err, ErrUnhealthy) {
				t.Fatalf("a second trial: %v", err)
			}
			sleep(time.Second) // the lease
			w.wantState("cache", Unhealthy)
			sleep(2 * time.Second)
			w.prove(g)
			w.wantState("cache", Healthy)
		})
	})
	t.Run("context done", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := setup(w)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if g.get.Begin(ctx).Admitted() {
				t.Fatal("a call whose context is done was the trial")
			}
			w.prove(g)
		})
	})
}

func TestHeavyReadsAreShedWhileDegraded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		g.fail(3)
		w.wantState("redis", Degraded)
		err := g.List(t.Context())
		unhealthy, ok := errors.AsType[*DependencyUnhealthyError](err)
		if !ok || unhealthy.State != Degraded {
			t.Fatalf("error = %v, want heavy reads shed", err)
		}
		w.prove(g)
		sleep(degradedFor)
		w.wantState("redis", Healthy)
		if err := g.List(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSteadyNoiseNeitherShedsForGoodNorFloodsTheLog(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		noise := rand.New(rand.NewPCG(1, 1))
		lines, shed, tries := 0, 0, 0
		w.Subscribe(func(Event) { lines++ })
		for i := range 300_000 { // five minutes of 1,000 calls/s with 1 % errors
			if noise.IntN(100) == 0 {
				g.fail(1)
			} else {
				w.prove(g)
			}
			if i%1000 == 0 {
				tries++
				if g.List(t.Context()) != nil {
					shed++
				}
			}
			time.Sleep(time.Millisecond)
		}
		if shed > tries/10 {
			t.Errorf("%d of %d heavy reads shed", shed, tries)
		}
		if lines > 10 {
			t.Errorf("%d lines in 5 minutes", lines)
		}
	})
}

func TestDegradedAndHealthyAlternateAtMostOnceInFiveSeconds(t *testing.T) {
	for _, pause := range []time.Duration{time.Second, 2 * time.Second, 5100 * time.Millisecond, 7 * time.Second} {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis")
			var changes []time.Time
			w.prove(g)
			w.Subscribe(func(e Event) { changes = append(changes, e.Time) })
			for range 100 {
				g.fail(3)
				w.prove(g)
				sleep(pause)
			}
			if len(changes) == 0 {
				t.Errorf("three failures in a row each %s did not degrade", pause)
			}
			for i := 1; i < len(changes); i++ {
				if gap := changes[i].Sub(changes[i-1]); gap < degradedFor {
					t.Errorf("failures each %s: two lines within %s", pause, gap)
				}
			}
		})
	}
}

func TestWriteRefusedDegradesAndProvesNothing(t *testing.T) {
	errReadOnly := errors.New("READONLY")
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis", policy(func(p *Policy) {
			p.Classify = func(ctx context.Context, err error) Outcome {
				if errors.Is(err, errReadOnly) {
					return OutcomeDegraded
				}
				return Classify(ctx, err)
			}
		}))
		w.prove(g)
		g.set(errReadOnly)
		for range 50 {
			if err := g.Get(t.Context()); !errors.Is(err, errReadOnly) {
				t.Fatal(err)
			}
		}
		w.wantState("redis", Degraded)
		wantDenied(t, g.Drop(NewScope(t.Context())), ReasonRecovering)
		g.set(nil)
		sleep(time.Minute + 10*time.Second)
		w.wantState("redis", Healthy)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
	})
}

func TestEveryTransitionIsAnEvent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		var seen []string
		w.Subscribe(func(e Event) {
			if e.Kind == EventTransition {
				seen = append(seen, fmt.Sprintf("%s>%s %s", e.From, e.To, e.Breaker))
			}
		})
		w.prove(g)
		g.fail(5)
		sleep(2 * time.Second)
		want := "[unknown>healthy closed healthy>degraded closed degraded>unhealthy open " +
			"unhealthy>unhealthy half-open unhealthy>healthy closed]"
		if got := fmt.Sprint(seen); got != want {
			t.Errorf("events\n got %s\nwant %s", got, want)
		}
	})
}

func TestSlowTrialCallDoesNotWedgeTheBreaker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("cache", withoutProbe)
		g.fail(5)
		deadline := time.Now().Add(10 * time.Minute)
		for w.State("cache") == Unhealthy && time.Now().Before(deadline) {
			trial := g.get.Begin(t.Context())
			sleep(90 * time.Second) // every call is slower than any lease
			if trial.Admitted() {
				_ = trial.Settle(t.Context(), nil)
			}
		}
		w.wantState("cache", Healthy)
	})
}

func TestProbeThatComesWhileOpenHeals(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("cache", withoutProbe)
		g.fail(5)
		_, _ = Call(t.Context(), g.dependency, func(context.Context) (int, error) { return 0, nil }, WithProbe(g.ping))
		sleep(2 * time.Second)
		w.wantState("cache", Healthy)
	})
}

func TestHungProbesDoNotPileUpAndCallsTakeOver(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		release := make(chan struct{})
		var hanging atomic.Int32
		g.probeWith(func(context.Context) error { hanging.Add(1); <-release; return nil })
		g.fail(5)
		sleep(2 * time.Hour)
		if n := hanging.Load(); n > hungLimit+13 {
			t.Errorf("%d probes hang after two hours", n)
		}
		sleep(time.Minute)
		w.prove(g) // a call is the trial
		w.wantState("redis", Healthy)
		close(release)
	})
}

func TestTrialWithoutResultAfterARestoreKeepsTheDelay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("cache", withoutProbe)
		if err := errors.Join(w.Isolate("cache", "test"), w.Restore("cache")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		trial := g.get.Begin(ctx)
		cancel()
		_ = trial.Settle(ctx, ctx.Err())
		if h, _ := w.Health("cache"); h.Backoff > time.Second || h.Backoff < 500*time.Millisecond {
			t.Errorf("backoff %s", h.Backoff)
		}
	})
}

func TestHungProbesOfThePastDoNotShutTheGate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		release := make(chan struct{})
		var works atomic.Bool
		g.probeWith(func(context.Context) error {
			if !works.Load() {
				<-release
			}
			return nil
		})
		g.fail(5)
		sleep(20 * time.Minute) // enough to hang too many
		works.Store(true)
		sleep(hungPause + 2*time.Minute)
		w.wantState("redis", Healthy)
		wantAllowed(t, g.Drop(NewScope(t.Context())))
		close(release)
	})
}

func TestClassifierThatBlocksOrExitsDoesNotWedgeTheProbe(t *testing.T) {
	for name, classify := range map[string]func(){
		"blocks": func() { time.Sleep(time.Hour) },
		"exits":  runtime.Goexit,
		"panics": func() { panic("classifier") },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				var bad atomic.Bool
				g := w.guard("redis", policy(func(p *Policy) {
					p.Classify = func(ctx context.Context, err error) Outcome {
						if bad.Load() {
							classify()
						}
						return Classify(ctx, err)
					}
				}))
				g.fail(5)
				bad.Store(true)
				g.set(errDown)
				sleep(5 * time.Minute)
				bad.Store(false)
				g.set(nil)
				sleep(hungPause + 2*time.Minute)
				w.wantState("redis", Healthy)
				sleep(time.Hour)
			})
		})
	}
}

func TestCallsThatBringAProbeDoNotPileUpHungOnes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("cache", withoutProbe)
		release := make(chan struct{})
		var hanging atomic.Int32
		hangs := WithProbe(func(context.Context) error { hanging.Add(1); <-release; return nil })
		g.fail(5)
		for range 3600 {
			_, _ = Call(t.Context(), g.dependency, func(context.Context) (int, error) { return 0, errDown }, hangs)
			sleep(time.Second)
		}
		if n := hanging.Load(); n > hungLimit+6 {
			t.Errorf("%d probes hang after an hour", n)
		}
		close(release)
	})
}
