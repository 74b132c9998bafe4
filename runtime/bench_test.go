package guard

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// getter is the interface of the benchmarks, with wrappers as generated code would be.
type getter interface {
	Get(ctx context.Context, key string) (int, error)
}

type rawGetter struct {
	value int
	err   error
}

//go:noinline
func (g *rawGetter) Get(context.Context, string) (int, error) { return g.value, g.err }

type guardedGetter struct {
	next getter
	get  *Method
}

func (g *guardedGetter) Get(ctx context.Context, key string) (value int, err error) {
	call := g.get.Begin(ctx)
	if call.Admitted() {
		value, err = g.next.Get(call.Context(ctx), key)
		if call.Succeeded(err) {
			return value, err
		}
	}
	return value, call.Settle(ctx, err, Keys("key", key)...)
}

// standaloneGetter uses the standalone API of failsafe-go.
type standaloneGetter struct {
	next    getter
	breaker circuitbreaker.CircuitBreaker[int]
}

func (g *standaloneGetter) Get(ctx context.Context, key string) (int, error) {
	if !g.breaker.TryAcquirePermit() {
		return 0, circuitbreaker.ErrOpen
	}
	value, err := g.next.Get(ctx, key)
	if err != nil {
		g.breaker.RecordError(err)
	} else {
		g.breaker.RecordSuccess()
	}
	return value, err
}

// executorGetter uses the executor of failsafe-go.
type executorGetter struct {
	next     getter
	executor failsafe.Executor[int]
}

func (g *executorGetter) Get(ctx context.Context, key string) (int, error) {
	return g.executor.WithContext(ctx).GetWithExecution(func(e failsafe.Execution[int]) (int, error) {
		return g.next.Get(e.Context(), key)
	})
}

func newGuardedGetter(t testing.TB, next getter) (*HealthRegistry, *guardedGetter) {
	r := NewHealthRegistry(WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(r.Close)
	spec := Spec{Interface: "bench.Getter", Dependency: "bench", Methods: []MethodSpec{{Name: "Get"}}}
	w, err := NewWrapper(r, spec, next, func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return r, &guardedGetter{next, w.Method("Get")}
}

func newBreaker() circuitbreaker.CircuitBreaker[int] {
	return circuitbreaker.NewBuilder[int]().WithFailureThreshold(5).WithDelay(time.Hour).Build()
}

// BenchmarkHealthy compares the raw interface call with ours and with failsafe-go's two APIs. Look at cpu-ns/op: the
// process's CPU time is less noisy than the wall clock.
func BenchmarkHealthy(b *testing.B) {
	next := &rawGetter{value: 1}
	_, ours := newGuardedGetter(b, next)
	benchmarkAll(b, next, ours)
}

// BenchmarkRefused is the same while the breaker is open; raw is the call that is spared.
func BenchmarkRefused(b *testing.B) {
	next := &rawGetter{err: errors.New("down")}
	r, ours := newGuardedGetter(b, next)
	if err := r.Isolate("bench", "benchmark"); err != nil {
		b.Fatal(err)
	}
	benchmarkAll(b, next, ours)
}

func benchmarkAll(b *testing.B, next *rawGetter, ours *guardedGetter) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	standalone, executed := newBreaker(), newBreaker()
	if next.err != nil {
		standalone.Open()
		executed.Open()
	}
	for _, row := range []struct {
		name string
		getter
	}{
		{"raw", next}, {"guarded", ours}, {"failsafe-standalone", &standaloneGetter{next, standalone}},
		{"failsafe-executor", &executorGetter{next, failsafe.With(executed)}},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			began := cpuTime()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, _ = row.Get(ctx, "k")
				}
			})
			b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
		})
	}
}

// cpuTime is the CPU time of the process.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAsk is the gate in health, with the number of critical dependencies.
func BenchmarkAsk(b *testing.B) {
	r := NewHealthRegistry(WithLogger(slog.New(slog.DiscardHandler)), WithStartHold(0))
	b.Cleanup(r.Close)
	probe := func(context.Context) error { return nil }
	spec := Spec{Interface: "bench.Store", Dependency: "store", Methods: []MethodSpec{{Name: "Drop", Class: Destructive, Budget: NoBudget}}}
	w, err := NewWrapper(r, spec, &rawGetter{}, probe)
	if err != nil {
		b.Fatal(err)
	}
	drop := w.Method("Drop")
	ctx := NewScope(b.Context())
	b.ReportAllocs()
	for b.Loop() {
		attempt := drop.Ask(ctx, "topic:1")
		if err := attempt.Settle(ctx, nil, "topic:1"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHealthyCallAllocatesNothing(t *testing.T) {
	_, ours := newGuardedGetter(t, &rawGetter{value: 1})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := ours.Get(ctx, "k"); err != nil { // the first proof
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100_000, func() { _, _ = ours.Get(ctx, "k") }); n != 0 {
		t.Errorf("%v allocations in a healthy call", n)
	}
}

func TestRefusedCallWithoutScopeAndKeyAllocatesOnlyItsDetail(t *testing.T) {
	r, ours := newGuardedGetter(t, &rawGetter{value: 1})
	if err := r.Isolate("bench", "test"); err != nil {
		t.Fatal(err)
	}
	refuse := func() {
		call := ours.get.Begin(context.Background())
		if call.Admitted() {
			t.Error("admitted")
		}
		_ = call.Settle(context.Background(), nil)
	}
	if n := testing.AllocsPerRun(1000, refuse); n > 1 {
		t.Errorf("%v allocations in a refused call, want 1", n)
	}
}
