//go:build unix

package goredis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
	"github.com/guardgen/guardgen/internal/process"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

// TestProbeFindsTheServerAsItsClientDoes: each setting of a client that decides where and how it connects is that of the
// probe, too.
func TestProbeFindsTheServerAsItsClientDoes(t *testing.T) {
	dir, err := os.MkdirTemp("", "redis") // t.TempDir may be too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "sock")
	server := startRedis(t, "--unixsocket", socket)
	if err := server.Direct.ACLSetUser(t.Context(), "worker", "on", ">secret", "+@all", "~*", "&*").Err(); err != nil {
		t.Fatal(err)
	}
	if err := server.Direct.ACLSetUser(t.Context(), "default", "off").Err(); err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string]*redis.Options{
		"user and password":    {Addr: server.Addr, Username: "worker", Password: "secret"},
		"credentials provider": {Addr: server.Addr, CredentialsProvider: func() (string, string) { return "worker", "secret" }},
		"unix socket":          {Network: "unix", Addr: socket, Username: "worker", Password: "secret"},
		"RESP2 and a database": {Addr: server.Addr, Username: "worker", Password: "secret", Protocol: 2, DB: 3},
		"TLS":                  {Addr: behindTLS(t, server.Addr), Username: "worker", Password: "secret", TLSConfig: &tls.Config{InsecureSkipVerify: true}},
		"dialer": {Addr: "nowhere", Username: "worker", Password: "secret", Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", server.Addr)
		}},
		"on connect": {Addr: server.Addr, OnConnect: func(ctx context.Context, conn *redis.Conn) error {
			return conn.AuthACL(ctx, "worker", "secret").Err()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			client := redis.NewClient(Recommended(options))
			t.Cleanup(func() { client.Close() })
			s := &stage{t: t, registry: guardtest.NewRegistry(t)}
			s.Guarded = s.guard(client)
			if err := s.registry.Probe(t.Context(), "redis"); err != nil {
				t.Errorf("the probe: %v", err)
			}
			if err := client.Get(t.Context(), "k").Err(); err != redis.Nil {
				t.Errorf("the client: %v", err)
			}
		})
	}
	client := redis.NewClient(Recommended(&redis.Options{Addr: server.Addr, Username: "worker", Password: "wrong"}))
	t.Cleanup(func() { client.Close() })
	s := &stage{t: t, registry: guardtest.NewRegistry(t)}
	s.Guarded = s.guard(client)
	if err := s.registry.Probe(t.Context(), "redis"); !redis.IsAuthError(err) {
		t.Errorf("the probe with a wrong password: %v", err)
	}
}

// behindTLS starts a listener that speaks TLS for a server that does not.
func behindTLS(t *testing.T, server string) string {
	t.Helper()
	certificates := httptest.NewUnstartedServer(nil)
	certificates.StartTLS()
	config := certificates.TLS.Clone()
	certificates.Close()
	config.NextProtos = nil
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				continue
			}
			go func() { io.Copy(upstream, client); upstream.Close() }()
			go func() { io.Copy(client, upstream); client.Close() }()
		}
	}()
	return listener.Addr().String()
}

func TestClientOfASentinelIsGuarded(t *testing.T) {
	server := startRedis(t)
	proxy := proxyOf(t, server)
	sentinel := startSentinel(t, proxy.Addr())
	client := redis.NewFailoverClient(Recommended(&redis.FailoverOptions{
		MasterName: "m", SentinelAddrs: []string{sentinel}, ReadTimeout: 200 * time.Millisecond, DialTimeout: 200 * time.Millisecond,
	}))
	t.Cleanup(func() { client.Close() })
	s := &stage{t: t, registry: guardtest.NewRegistry(t), server: server, proxy: proxy, client: client}
	s.Guarded = s.guard(client)
	if err := s.client.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.breaks(faultproxy.Fault{BlackHole: true})
	wantUnhealthy(t, client.Get(t.Context(), "k").Err())
	s.heal()
	if err := client.Get(t.Context(), "k").Err(); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

// startSentinel starts a sentinel that watches one master, and returns its address.
func startSentinel(t *testing.T, master string) string {
	t.Helper()
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	own := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(own)
	host, masterPort, _ := net.SplitHostPort(master)
	config := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("bind 127.0.0.1\nport %s\ndir %s\nsentinel monitor m %s %s 1\n", port, dir, host, masterPort)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel, err := process.Start(filepath.Join(dir, "output.log"), nil, "redis-server", config, "--sentinel")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sentinel.Kill() })
	client := redis.NewSentinelClient(&redis.Options{Addr: own})
	t.Cleanup(func() { client.Close() })
	for deadline := time.Now().Add(10 * time.Second); ; {
		if _, err := client.GetMasterAddrByName(t.Context(), "m").Result(); err == nil {
			return own
		} else if time.Now().After(deadline) || !sentinel.Running() {
			log, _ := os.ReadFile(filepath.Join(dir, "output.log"))
			t.Fatalf("the sentinel knows no master: %v\n%s", err, log)
		}
	}
}

func TestShardThatJoinsLaterIsGuarded(t *testing.T) {
	first, second := startRedis(t), startRedis(t)
	ring := redis.NewRing(Recommended(&redis.RingOptions{Addrs: map[string]string{"a": first.Addr}}))
	t.Cleanup(func() { ring.Close() })
	s := &stage{t: t, registry: guardtest.NewRegistry(t)}
	s.Guarded = s.guard(ring)
	ring.SetAddrs(map[string]string{"a": first.Addr, "b": second.Addr})
	if err := s.registry.Isolate("redis", "for a test"); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, shard := range ring.GetShardClients() {
		asked++
		if err := shard.Get(t.Context(), "k").Err(); !errors.Is(err, guard.ErrUnhealthy) {
			t.Errorf("%s: %v", shard.Options().Addr, err)
		}
	}
	if asked != 2 {
		t.Errorf("there are %d shards", asked)
	}
}

func TestClusterIsHealthyWithAllItsMasters(t *testing.T) {
	servers := []string{}
	var last *faultproxy.Proxy
	for _, slots := range [][2]int{{0, 8191}, {8192, 16383}} {
		server := startRedis(t, "--cluster-enabled", "yes", "--cluster-require-full-coverage", "no")
		if err := server.Direct.ClusterAddSlotsRange(t.Context(), slots[0], slots[1]).Err(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(10 * time.Second); ; {
			info, err := server.Direct.ClusterInfo(t.Context()).Result()
			if err == nil && strings.HasPrefix(info, "cluster_state:ok") {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the cluster is not ready: %v\n%s", err, info)
			}
		}
		last = proxyOf(t, server)
		servers = append(servers, last.Addr())
	}
	cluster := redis.NewClusterClient(Recommended(&redis.ClusterOptions{
		Addrs: servers, MaxRedirects: 1, ReadTimeout: 200 * time.Millisecond, DialTimeout: 200 * time.Millisecond,
		ClusterSlots: func(context.Context) ([]redis.ClusterSlot, error) {
			return []redis.ClusterSlot{
				{Start: 0, End: 8191, Nodes: []redis.ClusterNode{{Addr: servers[0]}}},
				{Start: 8192, End: 16383, Nodes: []redis.ClusterNode{{Addr: servers[1]}}},
			}, nil
		},
	}))
	t.Cleanup(func() { cluster.Close() })
	s := &stage{t: t, registry: guardtest.NewRegistry(t), proxy: last}
	s.Guarded = s.guard(cluster)
	if err := s.registry.Probe(t.Context(), "redis"); err != nil {
		t.Fatal(err)
	}
	s.fault(faultproxy.Fault{Refuse: true})
	if err := s.registry.Probe(t.Context(), "redis"); err == nil {
		t.Error("the probe does not miss a master")
	}
	s.fault(faultproxy.Fault{})
	s.wait()
}
