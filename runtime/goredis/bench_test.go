//go:build unix

package goredis

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/runtime/guardtest"
)

// rivals are two clients of one real server.
func rivals(t testing.TB) (guarded, bare *redis.Client) {
	t.Helper()
	server := startRedis(t)
	make := func() *redis.Client {
		client := redis.NewClient(Recommended(&redis.Options{Addr: server.Addr, PoolSize: 1}))
		t.Cleanup(func() { client.Close() })
		if err := client.Set(t.Context(), "k", "v", 0).Err(); err != nil {
			t.Fatal(err)
		}
		return client
	}
	guarded, bare = make(), make()
	guard, err := Guard(guardtest.NewRegistry(t), guarded)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { guard.Close() })
	return guarded, bare
}

func getKey(t testing.TB, client *redis.Client) {
	if err := client.Get(context.Background(), "k").Err(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkGet(b *testing.B) {
	guarded, bare := rivals(b)
	for name, client := range map[string]*redis.Client{"guarded": guarded, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				getKey(b, client)
			}
		})
	}
}

// TestGuardedGetAllocatesItsMarkerAlone: the marker in the context, by which the guard knows what it has let through.
func TestGuardedGetAllocatesItsMarkerAlone(t *testing.T) {
	guarded, bare := rivals(t)
	with, without := testing.AllocsPerRun(500, func() { getKey(t, guarded) }), testing.AllocsPerRun(500, func() { getKey(t, bare) })
	if with > without+1 {
		t.Errorf("a guarded GET allocates %.0f times, a bare one %.0f times", with, without)
	}
}

// BenchmarkGuardedBesideBare measures 20 interleaved pairs, and takes the median of their ratios. It fails where a guarded GET
// costs more than 1.05 of a bare one, which a busy machine can bring about.
func BenchmarkGuardedBesideBare(t *testing.B) {
	const pairs, calls = 20, 5000
	guarded, bare := rivals(t)
	compare(t, guarded, bare, calls) // warm
	var ratios []float64
	var ours []time.Duration
	for range pairs {
		a, b := compare(t, guarded, bare, calls)
		ratios, ours = append(ratios, float64(a)/float64(b)), append(ours, a)
	}
	t.ReportMetric(0, "ns/op") // of all pairs, which says nothing
	t.ReportMetric(median(ratios), "of-bare")
	t.ReportMetric(median(ours).Seconds()*1e6, "µs")
	if got := median(ratios); got > 1.05 {
		t.Errorf("a guarded GET costs %.3f of a bare one", got)
	}
}

// compare lets two clients take turns, so that both meet the same neighbours, and returns what a call of each costs in the
// middle.
func compare(t testing.TB, ours, theirs *redis.Client, calls int) (a, b time.Duration) {
	costs := [2][]time.Duration{make([]time.Duration, 0, calls), make([]time.Duration, 0, calls)}
	for i := range 2 * calls {
		began := time.Now()
		getKey(t, [2]*redis.Client{ours, theirs}[i%2])
		costs[i%2] = append(costs[i%2], time.Since(began))
	}
	return median(costs[0]), median(costs[1])
}

func median[T cmp.Ordered](of []T) T {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
