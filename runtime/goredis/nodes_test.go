//go:build unix

package goredis

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
	"github.com/guardgen/guardgen/internal/redisserver"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

// startCluster starts a cluster of one node behind a proxy, and returns the options of a client that knows only the proxy.
func startCluster(t *testing.T) (*faultproxy.Proxy, *redis.ClusterOptions) {
	t.Helper()
	server := startRedis(t, "--cluster-enabled", "yes")
	if err := server.Direct.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	for {
		info, err := server.Direct.ClusterInfo(t.Context()).Result()
		if err != nil {
			t.Fatal(err)
		}
		if ok := len(info) > 0 && info[:len("cluster_state:ok")] == "cluster_state:ok"; ok {
			break
		}
	}
	proxy := proxyOf(t, server)
	return proxy, Recommended(&redis.ClusterOptions{
		Addrs: []string{proxy.Addr()}, MaxRedirects: 1, ReadTimeout: 200 * time.Millisecond, DialTimeout: 200 * time.Millisecond,
		ClusterSlots: func(context.Context) ([]redis.ClusterSlot, error) {
			return []redis.ClusterSlot{{Start: 0, End: 16383, Nodes: []redis.ClusterNode{{Addr: proxy.Addr()}}}}, nil
		},
	})
}

func proxyOf(t *testing.T, server *redisserver.Server) *faultproxy.Proxy {
	t.Helper()
	proxy, err := faultproxy.Start("tcp", "127.0.0.1:0", server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { proxy.Close() })
	return proxy
}

func TestClientsOfManyNodesAreGuarded(t *testing.T) {
	for name, make := range map[string]func(t *testing.T) (*faultproxy.Proxy, redis.UniversalClient){
		"cluster": func(t *testing.T) (*faultproxy.Proxy, redis.UniversalClient) {
			proxy, options := startCluster(t)
			return proxy, redis.NewClusterClient(options)
		},
		"ring": func(t *testing.T) (*faultproxy.Proxy, redis.UniversalClient) {
			proxy := proxyOf(t, startRedis(t))
			return proxy, redis.NewRing(Recommended(&redis.RingOptions{
				Addrs: map[string]string{"a": proxy.Addr()}, ReadTimeout: 200 * time.Millisecond, DialTimeout: 200 * time.Millisecond,
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			proxy, client := make(t)
			t.Cleanup(func() { client.Close() })
			s := &stage{t: t, registry: guardtest.NewRegistry(t), proxy: proxy}
			s.Guarded = s.guard(client, held())
			ctx := t.Context()
			ways := map[string]func() error{
				"command":   func() error { return client.Get(ctx, "k").Err() },
				"pipelined": func() error { _, err := client.Pipelined(ctx, twoGets(ctx)); return err },
				"watch":     func() error { return client.Watch(ctx, func(*redis.Tx) error { return nil }, "k") },
			}
			for way, send := range ways {
				if err := send(); err != nil && err != redis.Nil {
					t.Errorf("%s in health: %v", way, err)
				}
			}
			scope := guard.NewScope(ctx)
			s.fault(faultproxy.Fault{BlackHole: true})
			_ = client.Get(scope, "k").Err()
			if failures := s.health().Failures; failures != 1 {
				t.Errorf("%d failures after one command", failures)
			}
			s.heal()
			wantDenied(t, client.Del(scope, "k").Err(), guard.ReasonScope)
			err := client.Watch(scope, func(tx *redis.Tx) error { return tx.Del(scope, "k").Err() }, "k")
			wantDenied(t, err, guard.ReasonScope)
			for node, err := range map[string]error{
				"kill":  onNode(client, func(node *redis.Client) error { return node.ClientKill(scope, "127.0.0.1:1").Err() }),
				"reset": onNode(client, func(node *redis.Client) error { return node.ClusterResetSoft(scope).Err() }),
			} {
				if !errors.Is(err, guard.ErrDestructiveDenied) {
					t.Errorf("%s on a node: %v", node, err)
				}
			}
			s.fault(faultproxy.Fault{BlackHole: true})
			for s.health().State != guard.Unhealthy {
				_ = client.Get(ctx, "k").Err()
			}
			for way, send := range ways {
				if err := send(); !errors.Is(err, guard.ErrUnhealthy) {
					t.Errorf("%s in an outage: %v", way, err)
				}
			}
			s.heal()
			begun := time.Now()
			for client.Set(ctx, "k", "v", 0).Err() != nil { // a ring must see its shard again
				if time.Since(begun) > 2*time.Second {
					t.Fatal("it does not recover")
				}
			}
		})
	}
}

func TestNodeOfAClusterAsksNothingAgain(t *testing.T) {
	proxy, options := startCluster(t)
	client := redis.NewClusterClient(options)
	t.Cleanup(func() { client.Close() })
	s := &stage{t: t, registry: guardtest.NewRegistry(t), proxy: proxy}
	s.Guarded = s.guard(client, With(guard.WithMethod("DEL", func(m *guard.MethodSpec) { m.Budget = guard.Budget{Limit: 3, Window: time.Hour} })))
	scope := guard.NewScope(t.Context())
	for i := range 3 {
		if err := client.Del(scope, "k").Err(); err != nil {
			t.Fatalf("command %d: %v", i, err) // the node's hook would charge the budget, too
		}
	}
	wantDenied(t, client.Del(scope, "k").Err(), guard.ReasonBudget)
}

// onNode calls f for each node of a cluster or a ring.
func onNode(client redis.UniversalClient, f func(node *redis.Client) error) error {
	each := func(_ context.Context, node *redis.Client) error { return f(node) }
	switch client := client.(type) {
	case *redis.ClusterClient:
		return client.ForEachMaster(context.Background(), each)
	case *redis.Ring:
		return client.ForEachShard(context.Background(), each)
	}
	return errors.New("it has no nodes")
}
