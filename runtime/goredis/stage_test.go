//go:build unix

package goredis

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
	"github.com/guardgen/guardgen/internal/redisserver"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

// stage is a guarded client in front of a real server, with a proxy between them.
type stage struct {
	*Guarded

	t        testing.TB
	server   *redisserver.Server
	proxy    *faultproxy.Proxy
	registry *guard.HealthRegistry
	client   *redis.Client
	sent     *counter // what went out below the guard
}

// quick is a policy by which an outage is over soon.
var quick = guard.Policy{
	Backoff: guard.Backoff{Min: 50 * time.Millisecond, Max: 100 * time.Millisecond}, ProbeTimeout: 200 * time.Millisecond,
	Hold: time.Millisecond, Quiet: time.Millisecond,
}

// onStage starts a server and guards a client of it, with the quick policy.
func onStage(t testing.TB, options ...Option) *stage {
	t.Helper()
	return onStageOf(t, guardtest.NewRegistry(t), options...)
}

// onStageOf is onStage with a registry of the test's own.
func onStageOf(t testing.TB, registry *guard.HealthRegistry, options ...Option) *stage {
	t.Helper()
	s := &stage{t: t, server: startRedis(t), registry: registry, sent: &counter{}}
	proxy, err := faultproxy.Start("tcp", "127.0.0.1:0", s.server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { proxy.Close() })
	s.proxy = proxy
	s.client = redis.NewClient(Recommended(&redis.Options{
		Addr: proxy.Addr(), ReadTimeout: 200 * time.Millisecond, WriteTimeout: 200 * time.Millisecond, DialTimeout: 200 * time.Millisecond,
	}))
	t.Cleanup(func() { s.client.Close() })
	s.Guarded = s.guard(s.client, options...)
	s.client.AddHook(s.sent) // inside: it sees what the guard lets through
	return s
}

// guard guards another client.
func (s *stage) guard(client redis.UniversalClient, options ...Option) *Guarded {
	s.t.Helper()
	guarded, err := Guard(s.registry, client, append([]Option{Policy(quick)}, options...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { guarded.Close() })
	return guarded
}

// fault makes something go wrong between client and server.
func (s *stage) fault(f faultproxy.Fault) {
	s.t.Helper()
	if err := s.proxy.Set(f); err != nil {
		s.t.Fatal(err)
	}
}

// heal ends the fault and waits for the breaker to close.
func (s *stage) heal() {
	s.t.Helper()
	s.fault(faultproxy.Fault{})
	s.wait()
}

func (s *stage) wait() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := s.registry.WaitHealthy(ctx, "redis"); err != nil {
		s.t.Fatalf("it does not recover: %v", err)
	}
}

// health is what the registry knows of the client.
func (s *stage) health() guard.DependencyHealth {
	health, _ := s.registry.Health(s.dependency.Name())
	return health
}

// breaks makes commands fail until the breaker is open.
func (s *stage) breaks(f faultproxy.Fault) {
	s.t.Helper()
	s.fault(f)
	for range 20 {
		if s.health().State == guard.Unhealthy {
			return
		}
		_ = s.client.Get(s.t.Context(), "k").Err()
	}
	s.t.Fatalf("the breaker does not open: %+v", s.health())
}

// counter counts commands on their way.
type counter struct{ commands, pipelines atomic.Int64 }

func (c *counter) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *counter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.commands.Add(1)
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.pipelines.Add(1)
		return next(ctx, cmds)
	}
}

func wantDenied(t testing.TB, err error, reason guard.Reason) {
	t.Helper()
	denied, ok := errors.AsType[*guard.DestructiveDeniedError](err)
	if !ok || denied.Reason != reason {
		t.Fatalf("error = %v, want a denial for %s", err, reason)
	}
}

func wantUnhealthy(t testing.TB, err error) {
	t.Helper()
	if _, ok := errors.AsType[*guard.DependencyUnhealthyError](err); !ok {
		t.Fatalf("error = %v, want a refusal", err)
	}
}
