package guard

import (
	"context"
	"testing"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

type getter interface {
	Get(ctx context.Context, key string) (int, error)
}

type rawGetter struct{ value int }

//go:noinline
func (g *rawGetter) Get(context.Context, string) (int, error) { return g.value, nil }

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

func newBenchGetter(b testing.TB) *guardedGetter {
	r := NewHealthRegistry()
	b.Cleanup(r.Close)
	next := &rawGetter{1}
	w, err := NewWrapper(r, Spec{Interface: "bench.Getter", Dependency: "bench", Methods: []MethodSpec{{Name: "Get"}}}, next,
		func(context.Context) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	return &guardedGetter{next: next, get: w.Method("Get")}
}

func BenchmarkHealthy(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	run := func(name string, g getter) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Get(ctx, "k"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("raw", &rawGetter{1})
	run("guarded", newBenchGetter(b))
	run("failsafe-standalone", &standaloneGetter{&rawGetter{1}, circuitbreaker.NewBuilder[int]().WithFailureThreshold(5).Build()})
	cb := circuitbreaker.NewBuilder[int]().WithFailureThreshold(5).Build()
	run("failsafe-executor", &executorGetter{&rawGetter{1}, failsafe.With[int](cb)})
	_ = time.Now
}

type standaloneGetter struct {
	next getter
	cb   circuitbreaker.CircuitBreaker[int]
}

func (g *standaloneGetter) Get(ctx context.Context, key string) (int, error) {
	if !g.cb.TryAcquirePermit() {
		return 0, circuitbreaker.ErrOpen
	}
	v, err := g.next.Get(ctx, key)
	if err != nil {
		g.cb.RecordError(err)
	} else {
		g.cb.RecordSuccess()
	}
	return v, err
}

type executorGetter struct {
	next getter
	e    failsafe.Executor[int]
}

func (g *executorGetter) Get(ctx context.Context, key string) (int, error) {
	return g.e.WithContext(ctx).GetWithExecution(func(e failsafe.Execution[int]) (int, error) { return g.next.Get(e.Context(), key) })
}
