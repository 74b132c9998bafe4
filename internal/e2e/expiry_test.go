package e2e

import (
	"context"
	"log/slog"
	"testing"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// A wrapper stands between a program and Redis. What Redis destroys by itself it cannot veto: a record whose TTL heartbeats
// refresh is gone when these do not get through, and the gate was never asked. Hence no TTL on what must live, or one far
// above the longest outage.
func TestExpiryInRedisIsBeyondTheGate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(registry.Close)
	client := redis.NewClient(&redis.Options{
		Addr: s.door, ContextTimeoutEnabled: true, MaxRetries: -1, DialerRetries: 1,
		DialTimeout: callTimeout, ReadTimeout: callTimeout, WriteTimeout: callTimeout,
	})
	t.Cleanup(func() { client.Close() })
	ping := func(ctx context.Context) error { return client.Ping(ctx).Err() }
	guarded, err := registry.Dependency("redis", guard.Policy{}, guard.WithProbe(ping))
	must(t, err)

	beat := func() error {
		_, err := guard.Call(t.Context(), guarded, func(ctx context.Context) (string, error) {
			return client.Set(ctx, "session", "alive", ttl).Result()
		})
		return err
	}
	exists := func() bool { return s.redis.Direct.Exists(t.Context(), "session").Val() > 0 }
	must(t, persist(beat))
	if !exists() {
		t.Fatal("the record was never there")
	}
	must(t, s.poison("timeout", "downstream", 1, `"timeout":0`))
	must(t, s.poison("timeout", "upstream", 1, `"timeout":0`))
	until(t, "Redis drops the record although its client heartbeats", func() bool {
		if beat() == nil {
			t.Error("a heartbeat got through")
		}
		wait(t.Context(), heartbeat/5)
		return !exists()
	})
	if denials := registry.Denials(); len(denials) > 0 {
		t.Errorf("the gate was asked: %+v", denials)
	}
}
