package guard_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// forPeople leaves out the time, and rounds durations up to minutes: what is left of a line is the same each time.
func forPeople(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.DurationValue((a.Value.Duration() + time.Minute - 1).Truncate(time.Minute))
	}
	return a
}

// outage has a dependency answer once, and then fail until its breaker opens.
func outage(registry *guard.HealthRegistry) {
	redis, err := registry.Dependency("redis", guard.Policy{Backoff: guard.Backoff{Min: time.Minute, Max: time.Minute}}, guard.WithProbe(ping))
	if err != nil {
		fmt.Println(err)
		return
	}
	for n := range 6 {
		_, _ = guard.Call(context.Background(), redis, func(context.Context) (int, error) {
			if n > 0 {
				return 0, errRefused
			}
			return n, nil
		})
	}
}

// Each transition is one line, in these words: retry_after and backoff stand there while the breaker is open, error unless
// the dependency is healthy.
func ExampleWithLogger() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: forPeople}))
	registry := guard.NewHealthRegistry(guard.WithLogger(log))
	outage(registry)
	if err := registry.Isolate("redis", "it is being moved"); err != nil {
		fmt.Println(err)
	}
	registry.Close() // which waits for the last line
	// Output:
	// level=INFO msg="dependency healthy" dependency=redis from=unknown to=healthy breaker=closed reason=answered
	// level=INFO msg="dependency degraded" dependency=redis from=healthy to=degraded breaker=closed reason="3 consecutive failures" error="connection refused"
	// level=INFO msg="dependency unhealthy" dependency=redis from=degraded to=unhealthy breaker=open reason="5 consecutive failures" retry_after=1m0s backoff=1m0s error="connection refused"
	// level=INFO msg="breaker open" dependency=redis from=unhealthy to=unhealthy breaker=open reason="isolated: it is being moved"
}

// A handler for machines has the same names.
func ExampleWithLogger_json() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: forPeople}))
	registry := guard.NewHealthRegistry(guard.WithLogger(log))
	outage(registry)
	registry.Close()
	// Output:
	// {"level":"INFO","msg":"dependency healthy","dependency":"redis","from":"unknown","to":"healthy","breaker":"closed","reason":"answered"}
	// {"level":"INFO","msg":"dependency degraded","dependency":"redis","from":"healthy","to":"degraded","breaker":"closed","reason":"3 consecutive failures","error":"connection refused"}
	// {"level":"INFO","msg":"dependency unhealthy","dependency":"redis","from":"degraded","to":"unhealthy","breaker":"open","reason":"5 consecutive failures","retry_after":60000000000,"backoff":60000000000,"error":"connection refused"}
}

// transitions is a handler that passes on the transitions of dependencies, and nothing else.
type transitions struct{ slog.Handler }

// Handle implements [slog.Handler].
func (t transitions) Handle(ctx context.Context, r slog.Record) error {
	if !strings.HasPrefix(r.Message, "dependency ") {
		return nil
	}
	return t.Handler.Handle(ctx, r)
}

// What wakes somebody up goes elsewhere than what is only kept.
func ExampleWithLogger_transitions() {
	everything := slog.DiscardHandler
	pager := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: forPeople})
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.NewMultiHandler(everything, transitions{pager}))))
	outage(registry)
	_ = registry.AllowDestructive(context.Background(), "Terminate") // a line for everything, and none for the pager
	registry.Close()
	// Output:
	// level=INFO msg="dependency healthy" dependency=redis from=unknown to=healthy breaker=closed reason=answered
	// level=INFO msg="dependency degraded" dependency=redis from=healthy to=degraded breaker=closed reason="3 consecutive failures" error="connection refused"
	// level=INFO msg="dependency unhealthy" dependency=redis from=degraded to=unhealthy breaker=open reason="5 consecutive failures" retry_after=1m0s backoff=1m0s error="connection refused"
}
