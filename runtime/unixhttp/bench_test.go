package unixhttp_test

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"github.com/guardgen/guardgen/runtime/unixhttp"
)

// rivals are clients of one server: as a program has it today, with our transport, and with its guard.
func rivals(t testing.TB) map[string]*http.Client {
	t.Helper()
	path := socket(t)
	serveAt(t, listen(t, "unix", path), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"id":"s00042","owner":"somebody"}`)
	}))
	dialer := net.Dialer{Timeout: time.Second}
	bare := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", path)
		},
		ResponseHeaderTimeout: 2 * time.Second, MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second,
	}
	t.Cleanup(bare.CloseIdleConnections)
	ours, guarded := newTransport(t, path, unixhttp.Options{}), newTransport(t, path, unixhttp.Options{})
	well := guard.WithProbe(func(context.Context) error { return nil })
	if err := unixhttp.Guard(guardtest.NewRegistry(t), guarded, unixhttp.Rules{}, well); err != nil {
		t.Fatal(err)
	}
	return map[string]*http.Client{
		"bare": {Transport: bare}, "unixhttp": {Transport: ours}, "guarded": {Transport: guarded},
		"bare, with http.Client.Timeout": {Transport: bare, Timeout: time.Second},
	}
}

// get is a request whose answer is read.
func get(t testing.TB, client *http.Client) {
	response, err := client.Get("http://api/sessions/s00042")
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

func BenchmarkGet(b *testing.B) {
	for name, client := range rivals(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			get(b, client)
			for b.Loop() {
				get(b, client)
			}
		})
	}
}

// BenchmarkGuardedBesideBare measures 20 interleaved pairs of each two clients, and takes the median of their ratios. It
// fails where a guarded GET costs more than 1.05 of a bare one, which a busy machine can bring about.
func BenchmarkGuardedBesideBare(b *testing.B) {
	const pairs, calls = 20, 2000
	for _, pair := range [][2]string{
		{"guarded", "bare"}, {"unixhttp", "bare"}, {"guarded", "unixhttp"}, {"guarded", "bare, with http.Client.Timeout"},
	} {
		b.Run(pair[0]+" beside "+pair[1], func(b *testing.B) {
			clients := rivals(b)
			ours, theirs := clients[pair[0]], clients[pair[1]]
			compare(b, ours, theirs, calls) // warm
			var ratios []float64
			var costs []time.Duration
			for range pairs {
				our, their := compare(b, ours, theirs, calls)
				ratios, costs = append(ratios, float64(our)/float64(their)), append(costs, our)
			}
			b.ReportMetric(0, "ns/op") // of all pairs, which says nothing
			b.ReportMetric(median(ratios), "of-theirs")
			b.ReportMetric(median(costs).Seconds()*1e6, "µs")
			if got := median(ratios); pair == [2]string{"guarded", "bare"} && got > 1.05 {
				b.Errorf("a guarded GET costs %.3f of a bare one", got)
			}
		})
	}
}

// compare lets two clients take turns, so that both meet the same neighbours, and returns what a call of each costs in the
// middle.
func compare(t testing.TB, ours, theirs *http.Client, calls int) (a, b time.Duration) {
	costs := [2][]time.Duration{make([]time.Duration, 0, calls), make([]time.Duration, 0, calls)}
	for i := range 2 * calls {
		began := time.Now()
		get(t, [2]*http.Client{ours, theirs}[i%2])
		costs[i%2] = append(costs[i%2], time.Since(began))
	}
	return median(costs[0]), median(costs[1])
}

func median[T cmp.Ordered](of []T) T {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
