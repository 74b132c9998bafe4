package guard

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const reaped = 50_000

func session(i int) string { return "session:" + strconv.Itoa(i) }

// TestReaperInAnOutageCausesNoProbesNoLinesAndNoWork has a reaper ask at every stage of an outage, for fifty thousand in the
// longest of them.
// (TestAskingInAnOutageIsCheap has it ask when it begins.)
func TestReaperInAnOutageCausesNoProbesNoLinesAndNoWork(t *testing.T) {
	log := new(logged)
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		sleep(time.Second)
		stages := []struct {
			name   string
			begin  func()
			reason Reason
			asks   int
		}{
			{"the breaker is open", func() { g.set(errDown); g.fail(5); g.set(errDown) }, ReasonUnhealthy, reaped},
			{"it has recovered", func() { g.set(nil); sleep(2 * time.Second) }, ReasonRecovering, 2000},
			{"hold", func() { sleep(5 * time.Second) }, ReasonHold, reaped / 5},
			{"isolated", func() { _ = w.Isolate("redis", "maintenance") }, ReasonIsolated, 2000},
			{"the process stood still", func() {
				_ = w.Restore("redis")
				sleep(2 * time.Minute)
				w.clock.wallShift.Add(int64(time.Hour))
				_ = w.Explain(NewScope(t.Context()), "Drop") // sees it
				_ = g.Drop(NewScope(t.Context()))            // opens its episode
			}, ReasonRecovering, 2000},
		}
		for _, stage := range stages {
			stage.begin()
			_, probes := g.count()
			lines := len(log.about("destructive call denied"))
			ctx := NewScope(t.Context())
			for i := range stage.asks {
				wantDenied(t, g.drop.Ask(ctx, session(i)).Settle(ctx, nil), stage.reason)
			}
			synctest.Wait()
			if _, after := g.count(); after != probes {
				t.Errorf("%s: %d probes", stage.name, after-probes)
			}
			if more := len(log.about("destructive call denied")) - lines; more > 2 {
				t.Errorf("%s: %d lines", stage.name, more)
			}
			key := []string{session(1)}
			if n := testing.AllocsPerRun(100, func() { _ = g.drop.Ask(ctx, key...).Settle(ctx, nil) }); n > 20 {
				t.Errorf("%s: %.0f allocations for an ask", stage.name, n)
			}
		}
		if suspects, _ := w.suspects.counts(); suspects != 0 {
			t.Errorf("%d keys are suspect because they were asked about", suspects)
		}
	}, WithLogger(slog.New(log)))
}

// TestAsksWhileProbesHangShareThem has five thousand asks wait at once.
func TestAsksWhileProbesHangShareThem(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		g := w.guard("redis")
		w.prove(g)
		sleep(time.Minute)
		g.hangs()
		sleep(2100 * time.Millisecond) // the last proof is too old, and the next probe hangs
		_, before := g.count()
		began := time.Now()
		var denied atomic.Int64
		var wg sync.WaitGroup
		const asks = 5000
		for i := range asks {
			wg.Go(func() {
				if errors.Is(w.AllowDestructive(NewScope(t.Context()), "Drop", session(i)), ErrDestructiveDenied) {
					denied.Add(1)
				}
			})
		}
		wg.Wait()
		_, probes := g.count()
		if took := time.Since(began); denied.Load() != asks || probes-before > 5 || took > 6*time.Second {
			t.Errorf("%d denials took %s and %d probes", denied.Load(), took, probes-before)
		}
	})
}

// TestFiftyThousandAsksShareTheReadingOfAGeneration lets them all come at the same moment, and again spread over a
// second.
func TestFiftyThousandAsksShareTheReadingOfAGeneration(t *testing.T) {
	for spread, asks := range map[time.Duration]int{0: reaped, time.Second: 2000} {
		recognised(t, func(t *testing.T, w *world, g *guarded, who *identity) {
			var mu sync.Mutex
			var begun []time.Time
			g.probeWith(func(ctx context.Context) error {
				mu.Lock()
				begun = append(begun, time.Now())
				mu.Unlock()
				return g.ping(ctx)
			})
			began := time.Now()
			var allowed atomic.Int64
			var wg sync.WaitGroup
			for i := range asks {
				wg.Go(func() {
					time.Sleep(spread * time.Duration(i%1000) / 1000)
					if g.drop.Ask(NewScope(t.Context()), session(i)).Admitted() {
						allowed.Add(1)
					}
				})
			}
			wg.Wait()
			took := time.Since(began)
			if allowed.Load() != int64(asks) || g.most != 1 {
				t.Errorf("%d were allowed, with %d probes at once", allowed.Load(), g.most)
			}
			if took > spread+5*probeSpacing || len(begun) > 4+int(took/probeSpacing) {
				t.Errorf("it took %s and %d probes", took, len(begun))
			}
			slices.SortFunc(begun, time.Time.Compare)
			for i := 1; i < len(begun); i++ {
				if gap := begun[i].Sub(begun[i-1]); gap < probeSpacing {
					t.Errorf("probes begin %s apart", gap)
				}
			}
		})
	}
}

// TestSilenceOfFiftyThousandWithAThousandEpisodes has each ask look at what lies within its time, and allocate nothing.
func TestSilenceOfFiftyThousandWithAThousandEpisodes(t *testing.T) {
	listening(t, func(w *world, g *guarded) {
		const episodes = 1000
		for range episodes {
			_ = w.Isolate("redis", "test")
			_ = w.Restore("redis")
			sleep(4 * time.Second)
			w.prove(g)
		}
		if n := len(w.hearing.past); n < episodes {
			w.t.Fatalf("%d episodes on record", n)
		}
		ages := []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}
		for i := range reaped {
			ago := ages[i%len(ages)]
			if got := w.Silence(session(i), w.clock.read().wall.Add(-ago)); got < 0 || got > ago {
				w.t.Fatalf("silence of %s, seen %s ago", got, ago)
			}
		}
		if size, unseen := len(w.hearing.past), len(w.unseen.byKey); size > spanLimit || unseen != 0 {
			w.t.Errorf("%d spans and %d keys are remembered", size, unseen)
		}
		seen := w.clock.read().wall.Add(-24 * time.Hour)
		if n := testing.AllocsPerRun(100, func() { w.Silence("session:1", seen) }); n > 1 {
			w.t.Errorf("%.0f allocations", n)
		}
	})
}
