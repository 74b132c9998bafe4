package guard

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// The engine, failsafe-go v0.9.8, has eight properties that this package must not fall for. Each test here first shows
// one of them in the engine itself, so that an upgrade which removes it is noticed, and then that a guarded dependency
// does not have it.

type engine = circuitbreaker.CircuitBreaker[any]

func newRawEngine() circuitbreaker.Builder[any] { return circuitbreaker.NewBuilder[any]() }

func wantEngine(t *testing.T, e engine, want circuitbreaker.State) {
	t.Helper()
	if got := e.State(); got != want {
		t.Fatalf("the engine is %s, want %s: the trap has changed", got, want)
	}
}

func (w *world) wantBreaker(name, want string) {
	w.t.Helper()
	if h, _ := w.Health(name); h.Breaker != want {
		w.t.Fatalf("breaker of %s is %s, want %s", name, h.Breaker, want)
	}
}

// untilTrial lets time pass until the delay of an open breaker is over.
func (w *world) untilTrial(name string) {
	w.t.Helper()
	h, _ := w.Health(name)
	if h.OpenUntil.IsZero() {
		w.t.Fatalf("breaker of %s is not open", name)
	}
	sleep(time.Until(h.OpenUntil) + time.Microsecond)
}

func TestEngineTrap1DelayFuncIsIgnored(t *testing.T) {
	t.Run("engine", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			build := func() engine {
				return newRawEngine().WithDelay(time.Minute).WithDelayFunc(func(failsafe.ExecutionAttempt[any]) time.Duration {
					asked++
					return 5 * time.Second
				}).Build()
			}
			standalone := map[string]func(engine){
				"RecordFailure": engine.RecordFailure,
				"RecordError":   func(e engine) { e.RecordError(errDown) },
				"Open":          engine.Open,
			}
			for name, open := range standalone {
				e := build()
				open(e)
				if e.RemainingDelay() != time.Minute || asked != 0 {
					t.Errorf("%s: delay %s, asked %d times: the trap is gone", name, e.RemainingDelay(), asked)
				}
			}
			e := build()
			_ = failsafe.With[any](e).Run(func() error { return errDown })
			if e.RemainingDelay() != 5*time.Second || asked != 1 {
				t.Errorf("the executor no longer asks: delay %s, asked %d times", e.RemainingDelay(), asked)
			}
		})
	})
	t.Run("guard", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis", policy(func(p *Policy) { p.Backoff = Backoff{Min: 8 * time.Second, Max: 64 * time.Second} }))
			g.fail(5)
			g.set(errDown)
			for _, most := range []time.Duration{8, 16, 32, 64, 64} {
				most *= time.Second
				h, _ := w.Health("redis")
				if h.Backoff > most || h.Backoff < most/2 || !h.OpenUntil.Equal(time.Now().Add(h.Backoff)) {
					t.Fatalf("delay %s until %s, want %s to %s from now", h.Backoff, h.OpenUntil, most/2, most)
				}
				sleep(h.Backoff - time.Millisecond)
				if w.wantBreaker("redis", "open"); g.dependency.engine.RemainingDelay() < time.Hour {
					t.Fatal("the engine's own delay is in the way")
				}
				sleep(time.Millisecond)
				w.wantBreaker("redis", "half-open")
				sleep(time.Millisecond) // the probe fails
			}
		})
	})
}

func TestEngineTrap2StaleSuccessClosesHalfOpen(t *testing.T) {
	t.Run("engine", func(t *testing.T) {
		e := newRawEngine().WithFailureThreshold(1).WithDelay(time.Hour).Build()
		late := e.TryAcquirePermit() // a call begins while all is well
		e.RecordFailure()
		e.HalfOpen()
		trial := e.TryAcquirePermit()
		if !late || !trial {
			t.Fatal("no permit")
		}
		e.RecordSuccess() // the call's, while the trial is in the air
		wantEngine(t, e, circuitbreaker.ClosedState)
	})
	t.Run("engine adds a permit", func(t *testing.T) {
		e := newRawEngine().WithFailureThreshold(1).WithSuccessThreshold(3).WithDelay(time.Hour).Build()
		e.RecordFailure()
		e.HalfOpen()
		admitted := 0
		for e.TryAcquirePermit() {
			admitted++
		}
		e.RecordSuccess()
		e.RecordSuccess()
		for e.TryAcquirePermit() {
			admitted++
		}
		if admitted != 5 {
			t.Fatalf("%d trials in the air at once, want 3 and 2 too many: the trap has changed", admitted)
		}
	})
	t.Run("guard", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis")
			ctx := t.Context()
			lateSuccess, lateFailure := g.get.Begin(ctx), g.get.Begin(ctx)
			g.fail(5)
			answer := make(chan error)
			var probes atomic.Int32
			g.probeWith(func(context.Context) error { probes.Add(1); return <-answer })
			w.untilTrial("redis")
			w.wantBreaker("redis", "half-open")

			if lateSuccess.Succeeded(nil) {
				t.Fatal("a late success took the short way")
			}
			_ = lateSuccess.Settle(ctx, nil)
			w.wantBreaker("redis", "half-open")
			_ = lateFailure.Settle(ctx, errDown)
			w.wantBreaker("redis", "half-open")
			if err := g.Get(ctx); !errors.Is(err, ErrUnhealthy) {
				t.Fatalf("a call ran beside the trial: %v", err)
			}
			if n := probes.Load(); n != 1 {
				t.Fatalf("%d probes in the air", n)
			}
			answer <- nil
			synctest.Wait()
			w.wantBreaker("redis", "closed")
			g.probeWith(g.ping)
		})
	})
}

func TestEngineTrap3PermitLeaksInHalfOpen(t *testing.T) {
	ends := map[string]func(){
		"panic":    func() { panic("bug") },
		"goexit":   runtime.Goexit,
		"no word":  func() {}, // the caller forgets to record
		"too late": func() { time.Sleep(time.Hour) },
	}
	for name, end := range ends {
		t.Run("engine/"+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newRawEngine().WithFailureThreshold(1).WithDelay(time.Second).Build()
				e.RecordFailure()
				time.Sleep(time.Second)
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() { _ = recover() }()
					e.TryAcquirePermit()
					end()
				})
				wg.Wait()
				time.Sleep(24 * time.Hour)
				if e.TryAcquirePermit() {
					t.Fatal("a lost permit has come back: the trap is gone")
				}
				wantEngine(t, e, circuitbreaker.HalfOpenState)
			})
		})
		t.Run("guard/probe/"+name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis")
				g.fail(5)
				g.probeWith(func(context.Context) error { end(); return errDown })
				sleep(time.Minute)
				g.probeWith(g.ping)
				sleep(2 * time.Minute) // no more than the longest delay and one trial
				w.wantState("redis", Healthy)
				sleep(time.Hour) // for the probes that came too late
			})
		})
		t.Run("guard/call/"+name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis", withoutProbe)
				g.fail(5)
				w.untilTrial("redis")
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() { _ = recover() }()
					if !g.get.Begin(context.Background()).Admitted() {
						t.Error("the trial was refused")
					}
					end()
				})
				synctest.Wait()
				sleep(time.Second - time.Millisecond) // the lease is the probe's timeout
				w.wantBreaker("redis", "half-open")
				sleep(2 * time.Millisecond)
				w.wantBreaker("redis", "open")
				w.untilTrial("redis")
				if err := g.Get(t.Context()); err != nil {
					t.Errorf("the next trial: %v", err)
				}
				w.wantState("redis", Healthy)
				wg.Wait()
			})
		})
	}
	t.Run("engine/executor", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := newRawEngine().WithDelay(time.Second).Build()
			e.RecordFailure()
			time.Sleep(time.Second)
			func() {
				defer func() { _ = recover() }()
				_ = failsafe.With[any](e).Run(func() error { panic("bug") })
			}()
			time.Sleep(24 * time.Hour)
			if e.TryAcquirePermit() {
				t.Fatal("the executor gives the permit back: the trap is gone")
			}
		})
	})
}

func TestEngineTrap4NoIgnoredOutcome(t *testing.T) {
	t.Run("engine", func(t *testing.T) {
		e := newRawEngine().WithFailureThreshold(1).WithDelay(time.Hour).HandleIf(func(_ any, err error) bool {
			return err != nil && !errors.Is(err, context.Canceled)
		}).Build()
		e.RecordError(errDown)
		e.HalfOpen()
		e.TryAcquirePermit()
		e.RecordError(context.Canceled)
		wantEngine(t, e, circuitbreaker.ClosedState)
	})
	t.Run("guard", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis", withoutProbe)
			g.fail(5)
			for range 3 {
				w.untilTrial("redis")
				ctx, cancel := context.WithCancel(t.Context())
				trial := g.get.Begin(ctx)
				if !trial.Admitted() {
					t.Fatal("the trial was refused")
				}
				w.wantBreaker("redis", "half-open")
				cancel()
				_ = trial.Settle(ctx, context.Canceled)
				w.wantBreaker("redis", "open")
				if h, _ := w.Health("redis"); h.Backoff > time.Second {
					t.Fatalf("the delay has grown to %s, though the trial said nothing", h.Backoff)
				}
			}
			w.untilTrial("redis")
			if err := g.Get(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.wantBreaker("redis", "closed")
		})
	})
	t.Run("guard ignores what its probe ignores", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis", policy(func(p *Policy) {
				p.Classify = func(context.Context, error) Outcome { return OutcomeIgnored }
			}))
			if err := w.SetState("redis", Unhealthy, "test"); err != nil {
				t.Fatal(err)
			}
			g.set(errDown)
			w.untilTrial("redis")
			sleep(2 * time.Millisecond)
			w.wantBreaker("redis", "open")
			if h, _ := w.Health("redis"); !errors.Is(h.LastError, errDown) {
				t.Errorf("last error %v, want the probe's", h.LastError)
			}
		})
	})
}

func TestEngineTrap5HalfOpenIsLazy(t *testing.T) {
	t.Run("engine", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := newRawEngine().WithDelay(time.Second).Build()
			e.RecordFailure()
			time.Sleep(time.Hour)
			if e.RemainingDelay() != 0 {
				t.Fatal("the delay is not over")
			}
			wantEngine(t, e, circuitbreaker.OpenState)
			e.TryAcquirePermit()
			wantEngine(t, e, circuitbreaker.HalfOpenState)
		})
	})
	t.Run("guard", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis")
			g.fail(5)
			calls, _ := g.count()
			w.untilTrial("redis")
			w.wantBreaker("redis", "half-open")
			sleep(time.Millisecond)
			w.wantBreaker("redis", "closed")
			if after, _ := g.count(); after != calls {
				t.Error("there was traffic")
			}
		})
	})
}

// listenerChild names the variable under which the test binary runs the fatal half of the sixth trap.
const listenerChild = "GUARD_TEST_LISTENER_PANICS"

func TestEngineTrap6Listeners(t *testing.T) {
	if os.Getenv(listenerChild) != "" {
		defer func() { _ = recover() }() // does not help
		newRawEngine().OnOpen(func(circuitbreaker.StateChangedEvent) { panic("bug in a listener") }).Build().RecordFailure()
		return
	}
	t.Run("engine dies of a panic", func(t *testing.T) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEngineTrap6Listeners$")
		child.Env = append(os.Environ(), listenerChild+"=1")
		out, err := child.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "fatal error: sync: unlock of unlocked mutex") {
			t.Fatalf("a panicking listener ended with %v: the trap is gone\n%s", err, out)
		}
	})
	t.Run("engine delivers out of order", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			var seen []string
			e := newRawEngine().WithDelay(time.Hour).OnStateChanged(func(c circuitbreaker.StateChangedEvent) {
				if c.NewState == circuitbreaker.OpenState {
					time.Sleep(time.Second) // held up
				}
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, c.NewState.String())
			}).Build()
			var wg sync.WaitGroup
			wg.Go(e.RecordFailure)
			synctest.Wait()
			e.Close()
			wg.Wait()
			if want := []string{"closed", "open"}; !slices.Equal(seen, want) {
				t.Fatalf("delivered %v, want %v: the trap is gone", seen, want)
			}
			wantEngine(t, e, circuitbreaker.ClosedState)
		})
	})
	t.Run("guard attaches none", func(t *testing.T) {
		for _, threshold := range []Threshold{{Failures: 5}, {Failures: 5, Period: time.Second}, {Percent: 50, Period: time.Second, MinCalls: 5}} {
			config := reflect.ValueOf(newEngine(Policy{Threshold: threshold})).Elem().FieldByName("config")
			for _, listener := range []string{"stateChangedListener", "openListener", "halfOpenListener", "closeListener"} {
				if !config.FieldByName(listener).IsNil() {
					t.Errorf("threshold %s: the engine has a %s", threshold, listener)
				}
			}
		}
	})
	t.Run("guard delivers in order, and survives a panic", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis")
			w.prove(g)
			w.Subscribe(func(Event) { panic("bug in a subscriber") })
			var seen []string
			w.Subscribe(func(e Event) {
				if e.Breaker == "open" {
					time.Sleep(10 * time.Second) // held up
				}
				seen = append(seen, e.Breaker)
			})
			g.fail(5)
			sleep(time.Minute)
			want := []string{"closed" /* degraded */, "open", "half-open", "closed"}
			if len(seen) < len(want) || !slices.Equal(seen[:len(want)], want) {
				t.Fatalf("delivered %v, want %v first", seen, want)
			}
			w.wantState("redis", Healthy)
		})
	})
}

func TestEngineTrap7MetricsDoNotExpireOnReading(t *testing.T) {
	t.Run("engine", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := newRawEngine().WithFailureThresholdPeriod(5, 10*time.Second).Build()
			for range 3 {
				e.RecordFailure()
			}
			time.Sleep(time.Hour)
			if n := e.Metrics().Failures(); n != 3 {
				t.Fatalf("%d failures in the last 10 s: the trap is gone", n)
			}
		})
	})
	thresholds := []Threshold{{Failures: 5}, {Failures: 5, Period: 10 * time.Second}, {Percent: 50, Period: 10 * time.Second, MinCalls: 8}}
	for _, threshold := range thresholds {
		t.Run("guard/"+strings.ReplaceAll(threshold.String(), "/", " in "), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis", withoutProbe, policy(func(p *Policy) { p.Threshold = threshold }))
				w.prove(g)
				g.fail(4)
				w.wantState("redis", Degraded)
				sleep(degradedFor - time.Millisecond)
				w.wantState("redis", Degraded)
				sleep(time.Millisecond) // nobody calls, nobody probes
				w.wantState("redis", Healthy)
				if err := g.List(t.Context()); err != nil {
					t.Errorf("a heavy read: %v", err)
				}
			})
		})
	}
	t.Run("guard forgets failures of an old period", func(t *testing.T) {
		inWorld(t, func(t *testing.T, w *world) {
			g := w.guard("redis", policy(func(p *Policy) { p.Threshold = Threshold{Failures: 5, Period: 10 * time.Second} }))
			w.prove(g)
			g.fail(2)
			sleep(11 * time.Second)
			g.fail(2)
			w.wantState("redis", Healthy)
			g.fail(1)
			w.wantState("redis", Degraded)
		})
	})
}

func TestEngineTrap8HalfOpenAdmitsTheFailureThreshold(t *testing.T) {
	t.Run("engine", func(t *testing.T) {
		e := newRawEngine().WithFailureThreshold(5).WithDelay(time.Hour).Build()
		e.HalfOpen()
		admitted := 0
		for e.TryAcquirePermit() {
			admitted++
		}
		if admitted != 5 {
			t.Fatalf("half-open admits %d, want 5: the trap has changed", admitted)
		}
	})
	thresholds := []Threshold{{Failures: 5}, {Failures: 5, Period: 10 * time.Second}, {Percent: 50, Period: 10 * time.Second, MinCalls: 8}}
	for _, threshold := range thresholds {
		t.Run("guard/"+strings.ReplaceAll(threshold.String(), "/", " in "), func(t *testing.T) {
			e := newEngine(Policy{Threshold: threshold})
			e.HalfOpen()
			if !e.TryAcquirePermit() || e.TryAcquirePermit() {
				t.Fatal("half-open does not admit exactly one")
			}
			inWorld(t, func(t *testing.T, w *world) {
				g := w.guard("redis", withoutProbe, policy(func(p *Policy) { p.Threshold = threshold }))
				g.fail(8)
				w.untilTrial("redis")
				var ran atomic.Int32
				var wg sync.WaitGroup
				for range 20 {
					wg.Go(func() {
						_, _ = Call(context.Background(), g.dependency, func(context.Context) (int, error) {
							ran.Add(1)
							time.Sleep(time.Millisecond)
							return 0, nil
						})
					})
				}
				wg.Wait()
				if n := ran.Load(); n != 1 {
					t.Fatalf("%d of 20 calls ran as the trial", n)
				}
				w.wantBreaker("redis", "closed")
			})
		})
	}
}
