package guard_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// quiet keeps the log out of the examples; a program leaves this option out.
var quiet = guard.WithLogger(slog.New(slog.DiscardHandler))

// ping stands for the lightweight health check of a client.
func ping(context.Context) error { return nil }

var errRefused = errors.New("connection refused")

// A program has one registry. Generated wrappers register their dependencies with it; code without an interface does so
// by hand, and makes its calls with Call.
func ExampleNewHealthRegistry() {
	registry := guard.NewHealthRegistry(quiet)
	defer registry.Close()

	redis, err := registry.Dependency("redis", guard.Policy{Threshold: guard.Threshold{Failures: 2}}, guard.WithProbe(ping))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(redis.Name(), "is", registry.State("redis"))

	greeting, err := guard.Call(context.Background(), redis, func(context.Context) (string, error) { return "hello", nil })
	fmt.Println(greeting, err)
	fmt.Println(redis.Name(), "is", registry.State("redis"))
	// Output:
	// redis is unknown
	// hello <nil>
	// redis is healthy
}

// Once the breaker is open, a call does not run.
func ExampleCall() {
	registry := guard.NewHealthRegistry(quiet)
	defer registry.Close()
	redis, err := registry.Dependency("redis", guard.Policy{
		Threshold: guard.Threshold{Failures: 2},
		Backoff:   guard.Backoff{Min: time.Minute, Max: time.Minute},
	}, guard.WithProbe(ping))
	if err != nil {
		fmt.Println(err)
		return
	}

	load := func(context.Context) (int, error) {
		fmt.Println("asking redis")
		return 0, errRefused
	}
	for range 3 {
		_, err = guard.Call(context.Background(), redis, load, guard.As("load"), guard.About("session:42"))
	}
	refused, ok := errors.AsType[*guard.DependencyUnhealthyError](err)
	fmt.Println(errors.Is(err, guard.ErrUnhealthy), ok && refused.RetryAfter() >= 30*time.Second)
	fmt.Println(refused.Dependency, "is", refused.State, "because of:", refused.Cause)
	// Output:
	// asking redis
	// asking redis
	// true true
	// redis is unhealthy because of: connection refused
}

// A clean-up path without a wrapper asks the gate before it destroys anything.
func ExampleHealthRegistry_AllowDestructive() {
	// No client lives through a restart of this program, so that it need not wait for any to come back.
	registry := guard.NewHealthRegistry(quiet, guard.WithStartHold(0))
	defer registry.Close()
	redis, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping))
	if err != nil {
		fmt.Println(err)
		return
	}
	terminate := func(ctx context.Context, session int) {
		keys := guard.Keys("session", session)
		if err := registry.AllowDestructive(ctx, "Terminate", keys...); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("terminating", keys[0])
	}

	// All is well: redis is asked for a sign of life, and session 1 is terminated.
	terminate(guard.NewScope(context.Background()), 1)

	// Reading the last heartbeat of session 2 fails, so that nobody can know whether it is alive.
	ctx := guard.NewScope(context.Background())
	_, _ = guard.Call(ctx, redis, func(context.Context) (time.Time, error) { return time.Time{}, errRefused })
	terminate(ctx, 2)
	// Output:
	// terminating session:1
	// System unhealthy; retry in 1m (Terminate denied: a call to redis failed in this scope: connection refused)
}

// An HTTP handler answers a refusal with problem details.
func ExampleProblemOf() {
	registry := guard.NewHealthRegistry(quiet, guard.WithStartHold(0), guard.WithBudget(guard.Budget{Limit: 1, Window: time.Hour}))
	defer registry.Close()
	if _, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping)); err != nil {
		fmt.Println(err)
		return
	}

	ctx := guard.NewScope(context.Background())
	for range 2 {
		err := registry.AllowDestructive(ctx, "Terminate")
		problem, ok := guard.ProblemOf(err)
		if !ok {
			fmt.Println("allowed")
			continue
		}
		fmt.Println(problem.Status, problem.Title)
		fmt.Println(problem.Detail)
		fmt.Println("Retry-After within an hour and a fifth:", 3600 <= problem.RetryAfter && problem.RetryAfter <= 4320)
	}
	_, ok := guard.ProblemOf(errRefused)
	fmt.Println("an error of somebody else:", ok)
	// Output:
	// allowed
	// 429 Destructive call denied
	// System unhealthy; retry in 1h (Terminate denied: budget spent: 1/1h)
	// Retry-After within an hour and a fifth: true
	// an error of somebody else: false
}

// A failure taints the unit of work that it happened in, and no other.
func ExampleNewScope() {
	registry := guard.NewHealthRegistry(quiet, guard.WithStartHold(0))
	defer registry.Close()
	redis, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping))
	if err != nil {
		fmt.Println(err)
		return
	}

	for turn := range 3 {
		ctx := guard.NewScope(context.Background())
		_, _ = guard.Call(ctx, redis, func(context.Context) (int, error) {
			if turn == 1 {
				return 0, errRefused
			}
			return turn, nil
		})
		if err := registry.AllowDestructive(ctx, "Prune"); err != nil {
			fmt.Println("turn", turn, "prunes nothing")
			continue
		}
		fmt.Println("turn", turn, "prunes")
	}
	// Output:
	// turn 0 prunes
	// turn 1 prunes nothing
	// turn 2 prunes
}

// A person who asks for it need not wait until clients have come back.
func ExampleUserConfirmed() {
	registry := guard.NewHealthRegistry(quiet) // the gate stays shut for a minute after start
	defer registry.Close()
	if _, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping)); err != nil {
		fmt.Println(err)
		return
	}

	ctx := guard.NewScope(context.Background())
	fmt.Println(registry.AllowDestructive(ctx, "Terminate", "session:42"))

	ctx = guard.UserConfirmed(ctx, "ana", "session:42")
	fmt.Println(registry.AllowDestructive(ctx, "Terminate", "session:42"))

	denied, _ := errors.AsType[*guard.DestructiveDeniedError](registry.AllowDestructive(ctx, "Terminate", "session:43"))
	fmt.Println("another session:", denied.Reason)
	// Output:
	// System unhealthy; retry in 1m (Terminate denied: the guard of redis has just started)
	// <nil>
	// another session: start
}

// A program that ends sessions after 10 s of silence says so, and its numbers are checked when it starts.
func ExampleWithTTL() {
	registry := guard.NewHealthRegistry(guard.WithTTL(10 * time.Second))
	defer registry.Close()
	_, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping))
	fmt.Println("it does not start:", err)
	// Output:
	// it does not start: guard: dependency "redis" of a call of Dependency: an outage is noticed after 4.4s (probe-interval=2s and a fifth more, then twice probe-timeout=1s): lower them, or raise the TTL of 10s to at least 17.6s: it may take 25 % of that
}

// Silence is what a reaper holds against a session: not the time since its last heartbeat, but the part of it in which the
// heartbeat would have been heard.
func ExampleHealthRegistry_Silence() {
	registry := guard.NewHealthRegistry()
	defer registry.Close()
	lastHeartbeat := time.Now().Add(-time.Hour)
	fmt.Println(registry.Silence("session:42", lastHeartbeat)) // this process has heard nobody yet
	// Output:
	// 0s
}
