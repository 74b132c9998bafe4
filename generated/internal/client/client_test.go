package client

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clients are one of each kind that dials nobody; they are closed in the end.
func clients(t *testing.T) map[string]redis.UniversalClient {
	t.Helper()
	nowhere := []string{"nowhere.invalid:0"}
	all := map[string]redis.UniversalClient{
		"client":           redis.NewClient(&redis.Options{Addr: nowhere[0]}),
		"sentinel":         redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "master", SentinelAddrs: nowhere}),
		"cluster":          redis.NewClusterClient(&redis.ClusterOptions{Addrs: nowhere}),
		"sentinel cluster": redis.NewFailoverClusterClient(&redis.FailoverOptions{MasterName: "master", SentinelAddrs: nowhere}),
		"ring":             redis.NewRing(&redis.RingOptions{Addrs: map[string]string{"shard": nowhere[0]}}),
	}
	t.Cleanup(func() {
		for name, client := range all {
			if err := client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	return all
}

func TestEachKindOfClientWillDo(t *testing.T) {
	for name, client := range clients(t) {
		if _, err := Options(nil, client, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClosedClientIsRefused(t *testing.T) {
	for name, client := range clients(t) {
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Options(nil, client, nil); !errors.Is(err, redis.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPipelineIsRefused(t *testing.T) {
	client := clients(t)["client"]
	automatic, err := client.AutoPipeline()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		client redis.Cmdable
		want   string
	}{
		{client.Pipeline(), "a *redis.Pipeline queues commands, and knows no error before Exec: wrap its client"},
		{client.TxPipeline(), "a *redis.Pipeline queues commands, and knows no error before Exec: wrap its client"},
		{automatic, "a *redis.AutoPipeliner sends what several callers queued, later than they ask: wrap its client"},
		{(*redis.Client)(nil), "the client is nil"},
		{nil, "the client is nil"},
	} {
		if _, err := Options(nil, row.client, nil); err == nil || err.Error() != row.want {
			t.Errorf("%T: %v, want %s", row.client, err, row.want)
		}
	}
}

func TestFakeWillDo(t *testing.T) {
	type fake struct{ redis.StringCmdable }
	if _, err := Options(nil, fake{}, nil); err != nil {
		t.Error(err)
	}
}

func TestGuardOfAnotherRegistryIsRefused(t *testing.T) {
	ours, other := newRegistry(t), newRegistry(t)
	client := clients(t)["client"]
	guardBy(t, other, client)
	if _, err := Options(ours, client, nil); err == nil || !strings.Contains(err.Error(), "belongs to another registry") {
		t.Error(err)
	}
}

func TestWrapperJoinsTheGuardAndTheUserWins(t *testing.T) {
	registry := newRegistry(t)
	client := clients(t)["client"]
	if IsGuarded(client) {
		t.Error("guarded before it is")
	}
	guardBy(t, registry, client, goredis.Name("redis-eu"), goredis.Policy(guard.Policy{Hold: 2 * time.Minute}))
	if !IsGuarded(client) || IsGuarded(client.Pipeline()) || IsGuarded(nil) {
		t.Error("guarded is the client, and nothing else")
	}
	join := func(own ...guard.Option) error {
		options, err := Options(registry, client, own)
		if err != nil {
			t.Fatal(err)
		}
		spec := guard.Spec{Interface: "Keys", Dependency: "redis", Methods: []guard.MethodSpec{{Name: "Get"}}}
		_, err = guard.NewWrapper(registry, spec, client, alive, options...)
		return err
	}
	if err := join(); err != nil {
		t.Error(err)
	}
	if _, known := registry.Health("redis"); known {
		t.Error("the wrapper has a dependency of its own")
	}
	if err := join(guard.WithPolicy(func(p *guard.Policy) { p.Hold = time.Hour })); err == nil || !strings.Contains(err.Error(), "hold=2m") {
		t.Errorf("another policy: %v", err)
	}
	if err := join(guard.Named("redis-us")); err != nil {
		t.Error(err)
	}
	if _, known := registry.Health("redis-us"); !known {
		t.Error("the user's name does not count")
	}
}

func newRegistry(t *testing.T) *guard.HealthRegistry {
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(registry.Close)
	return registry
}

// guardBy attaches a guard whose probe dials nobody.
func guardBy(t *testing.T, registry *guard.HealthRegistry, client redis.UniversalClient, options ...goredis.Option) {
	t.Helper()
	guarded, err := goredis.Guard(registry, client, append(options, goredis.Probe(alive))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := guarded.Close(); err != nil {
			t.Error(err)
		}
	})
}

func alive(context.Context) error { return nil }
