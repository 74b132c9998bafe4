//go:build unix

package goredis

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
)

// TestIdleConsumersBelowAWrapperOpenNoBreaker: the wrapper judges by the error alone, which says that it has waited.
func TestIdleConsumersBelowAWrapperOpenNoBreaker(t *testing.T) {
	s := onStage(t)
	spec := guard.Spec{Interface: "test.Queue", Dependency: "redis", Methods: []guard.MethodSpec{{Name: "Take"}}}
	wrapper, err := guard.NewWrapper(s.registry, spec, s.client, nil, guard.SharePolicy())
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		call := wrapper.Method("Take").Begin(ctx)
		err := s.client.BLPop(call.Context(ctx), time.Minute, "queue").Err()
		_ = call.Settle(ctx, err)
		cancel()
		if failures := s.health().Failures; err == nil || failures != 0 {
			t.Fatalf("%d failures after %v", failures, err)
		}
	}
}

func TestFullPoolDegradesAlthoughTheCallersTimeIsOver(t *testing.T) {
	s := onStage(t)
	client := redis.NewClient(Recommended(&redis.Options{Addr: s.server.Addr, PoolSize: 1, PipelinePoolSize: -1}))
	t.Cleanup(func() { client.Close() })
	s.Guarded = s.guard(client, Name("small"))
	consumer := make(chan error)
	go func() { consumer <- client.BLPop(t.Context(), time.Second, "queue").Err() }()
	for client.PoolStats().TotalConns != 1 || client.PoolStats().IdleConns != 0 {
		time.Sleep(time.Millisecond)
	}
	for name, send := range map[string]func(context.Context) error{
		"command":  func(ctx context.Context) error { return client.Get(ctx, "k").Err() },
		"pipeline": func(ctx context.Context) error { _, err := client.Pipelined(ctx, twoGets(ctx)); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		err := send(ctx)
		if outcome := Classify(ctx, err); outcome != guard.OutcomeDegraded || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v is %v", name, err, outcome)
		}
		cancel()
	}
	if h := s.health(); h.Failures != 0 {
		t.Errorf("%d failures", h.Failures)
	}
	<-consumer
}
