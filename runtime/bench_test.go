package guard_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/guardgen/guardgen/internal/golden/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// rawTransport is the client: it does nothing, so that what is measured is what stands before it.
type rawTransport struct {
	id  string
	err error
}

//go:noinline
func (t *rawTransport) Publish(context.Context, string, []byte) (string, error) { return t.id, t.err }

func (t *rawTransport) Ping(context.Context) error { return nil }
func (t *rawTransport) History(context.Context, string, int) ([]transport.Message, error) {
	return nil, t.err
}
func (t *rawTransport) DeleteTopic(context.Context, string) error { return t.err }

// publisher is what is measured of a Transport.
type publisher interface {
	Publish(ctx context.Context, topic string, body []byte) (id string, err error)
}

// standalone uses the standalone API of failsafe-go.
type standalone struct {
	next    publisher
	breaker circuitbreaker.CircuitBreaker[string]
}

func (s *standalone) Publish(ctx context.Context, topic string, body []byte) (string, error) {
	if !s.breaker.TryAcquirePermit() {
		return "", circuitbreaker.ErrOpen
	}
	id, err := s.next.Publish(ctx, topic, body)
	if err != nil {
		s.breaker.RecordError(err)
	} else {
		s.breaker.RecordSuccess()
	}
	return id, err
}

// executed uses the executor of failsafe-go.
type executed struct {
	next     publisher
	executor failsafe.Executor[string]
}

func (e *executed) Publish(ctx context.Context, topic string, body []byte) (string, error) {
	return e.executor.WithContext(ctx).GetWithExecution(func(x failsafe.Execution[string]) (string, error) {
		return e.next.Publish(x.Context(), topic, body)
	})
}

// newGuarded puts the wrapper that guardgen generated around next.
func newGuarded(t testing.TB, next *rawTransport) (*guard.HealthRegistry, *transport.GuardedTransport) {
	r := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0))
	t.Cleanup(r.Close)
	g, err := transport.NewGuardedTransport(r, next)
	if err != nil {
		t.Fatal(err)
	}
	return r, g
}

func newBreaker() circuitbreaker.CircuitBreaker[string] {
	return circuitbreaker.NewBuilder[string]().WithFailureThreshold(5).WithDelay(time.Hour).Build()
}

// BenchmarkHealthy compares the raw interface call with the generated wrapper and with failsafe-go's two APIs. Look at
// cpu-ns/op: the process's CPU time is less noisy than the wall clock.
func BenchmarkHealthy(b *testing.B) {
	next := &rawTransport{id: "1"}
	_, ours := newGuarded(b, next)
	benchmarkAll(b, next, ours)
}

// BenchmarkRefused is the same while the breaker is open; raw is the call that is spared.
func BenchmarkRefused(b *testing.B) {
	next := &rawTransport{err: errors.New("down")}
	r, ours := newGuarded(b, next)
	if err := r.Isolate("redis", "benchmark"); err != nil {
		b.Fatal(err)
	}
	benchmarkAll(b, next, ours)
}

// keyless is a method that has no key.
type keyless struct{ *transport.GuardedTransport }

func (k keyless) Publish(ctx context.Context, _ string, _ []byte) (string, error) {
	return "", k.Ping(ctx)
}

func benchmarkAll(b *testing.B, next *rawTransport, ours *transport.GuardedTransport) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	first, second := newBreaker(), newBreaker()
	if next.err != nil {
		first.Open()
		second.Open()
	}
	for _, row := range []struct {
		name string
		publisher
	}{
		{"raw", next}, {"guarded", ours}, {"guarded-ping", keyless{ours}}, {"failsafe-standalone", &standalone{next, first}},
		{"failsafe-executor", &executed{next, failsafe.With(second)}},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			began := cpuTime()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, _ = row.Publish(ctx, "topic", nil)
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

// BenchmarkAsk is a destructive call in health, beside so many critical dependencies: the gate, and the call behind it.
func BenchmarkAsk(b *testing.B) {
	for _, dependencies := range []int{1, 10, 100} {
		b.Run(strconv.Itoa(dependencies), func(b *testing.B) {
			r := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0))
			b.Cleanup(r.Close)
			policy := guard.WithPolicy(func(p *guard.Policy) { p.MaxAge = time.Hour })
			g, err := transport.NewGuardedTransport(r, &rawTransport{}, policy, guard.WithMethod("DeleteTopic", func(m *guard.MethodSpec) {
				m.Budget = guard.NoBudget
			}))
			if err != nil {
				b.Fatal(err)
			}
			for n := 1; n < dependencies; n++ {
				p := guard.Policy{MaxAge: time.Hour, Reconnect: 45 * time.Second}
				if _, err := r.Dependency("shard-"+strconv.Itoa(n), p, guard.WithProbe(func(context.Context) error { return nil })); err != nil {
					b.Fatal(err)
				}
			}
			ctx := guard.NewScope(b.Context())
			if err := r.WaitHealthy(ctx); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			began := cpuTime()
			for b.Loop() {
				if err := g.DeleteTopic(ctx, "topic"); err != nil {
					b.Fatal(err) // on a machine so busy that the process stands still, too
				}
			}
			b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
		})
	}
}

func TestHealthyCallAllocatesNothing(t *testing.T) {
	_, ours := newGuarded(t, &rawTransport{id: "1"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := ours.Publish(ctx, "topic", nil); err != nil { // the first proof
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100_000, func() { _, _ = ours.Publish(ctx, "topic", nil) }); n != 0 {
		t.Errorf("%v allocations in a healthy call", n)
	}
}

func TestRefusedCallWithoutScopeAndKeyAllocatesNothing(t *testing.T) {
	r, ours := newGuarded(t, &rawTransport{})
	if err := r.Isolate("redis", "test"); err != nil {
		t.Fatal(err)
	}
	refuse := func() {
		if err := ours.Ping(context.Background()); err == nil {
			t.Error("admitted")
		}
	}
	if n := testing.AllocsPerRun(1000, refuse); n != 0 {
		t.Errorf("%v allocations in a refused call", n)
	}
}
