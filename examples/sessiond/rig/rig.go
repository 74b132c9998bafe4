// Package rig puts the service together with both its dependencies, real sockets included, for tests of outages: a session
// API behind a unix socket and a Redis, each behind a fault proxy.
package rig

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/adapter"
	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	"github.com/guardgen/guardgen/examples/sessiond/service"
	"github.com/guardgen/guardgen/examples/sessiond/tally"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// TTL is the silence after which the service of a rig ends a session.
const TTL = 30 * time.Second

// Timeout is the deadline of each call of a raw client, and of each probe, if Config says nothing else. It is far above what
// a busy machine may keep a call waiting.
const Timeout = 5 * time.Second

// Hasty is a deadline for stories of an outage in which nothing answers. A busy machine may miss it.
const Hasty = time.Second

// Config says what a rig is made of. The zero value has raw clients and an embedded Redis.
type Config struct {
	Redis   string              // host:port of a real server; "" starts an embedded one
	Timeout time.Duration       // of each call of the raw clients, and of each probe; Timeout
	Guarded bool                // puts the generated wrappers around the clients
	Beneath bool                // guards the connection to Redis below its wrapper, too; its probe goes round the wrapper
	Change  func(*guard.Policy) // beats the annotations of both wrappers; may be nil
	Logger  *slog.Logger        // of the registry; nil discards

	Listen func(network, address string) (net.Listener, error) // of the session API; net.Listen
}

// Rig is a service with both its dependencies. The service's clock stands still until somebody moves it. Its loops do
// not run unless a test runs them. Registry is nil with raw clients.
type Rig struct {
	*service.Service

	Clock      *Clock
	Redis      *redistest.Server
	APIProxy   *faultproxy.Proxy
	RedisProxy *faultproxy.Proxy
	Users      *httptest.Server // the service as its users see it

	// The calls that the service made, and those that reached the real clients. The same without a guard.
	AskedAPI, ArrivedAPI     *tally.API
	AskedRedis, ArrivedRedis *tally.Transport

	server *api.Server
	redis  *transport.Redis
}

// New starts a rig, which ends with the test.
func New(t testing.TB, config Config) *Rig {
	t.Helper()
	if config.Timeout <= 0 {
		config.Timeout = Timeout
	}
	if config.Listen == nil {
		config.Listen = net.Listen
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	r := &Rig{Clock: &Clock{now: time.Now().Truncate(time.Second)}}
	r.openAPI(t, config)
	r.openRedis(t, config)
	var registry *guard.HealthRegistry
	if config.Guarded {
		registry = r.protect(t, config)
	}
	r.Service = service.New(service.Config{
		API: r.AskedAPI, Transport: r.AskedRedis, Registry: registry, TTL: TTL,
		ReapEvery: time.Millisecond, RefreshEvery: time.Millisecond, PollEvery: time.Millisecond,
		Logger: slog.New(slog.DiscardHandler), Now: r.Clock.Now, Silence: service.ByTheClock(r.Clock.Now),
	})
	r.Users = httptest.NewServer(adapter.Handler(r.Service))
	t.Cleanup(r.Users.Close)
	return r
}

// openAPI starts the session API.
func (r *Rig) openAPI(t testing.TB, config Config) {
	t.Helper()
	dir, err := os.MkdirTemp("", "rig") // t.TempDir may be too long for the path of a socket
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	listener, err := config.Listen("unix", filepath.Join(dir, "real"))
	must(t, err)
	r.server = api.NewServer(nil)
	r.server.Serve(listener)
	t.Cleanup(func() { r.server.Close() })
	r.APIProxy, err = faultproxy.Start("unix", filepath.Join(dir, "sock"), filepath.Join(dir, "real"))
	must(t, err)
	t.Cleanup(func() { r.APIProxy.Close() })
	client, err := api.NewClient(r.APIProxy.Addr(), config.Timeout)
	must(t, err)
	t.Cleanup(client.Close)
	r.ArrivedAPI = &tally.API{Next: client}
	r.AskedAPI = r.ArrivedAPI
}

// openRedis starts Redis, or uses the real one.
func (r *Rig) openRedis(t testing.TB, config Config) {
	t.Helper()
	var err error
	r.Redis, err = redistest.Open(t.Context(), config.Redis)
	must(t, err)
	t.Cleanup(func() { r.Redis.Close() })
	r.RedisProxy, err = faultproxy.Start("tcp", "127.0.0.1:0", r.Redis.Addr)
	must(t, err)
	t.Cleanup(func() { r.RedisProxy.Close() })
	r.redis = transport.NewRedis(transport.Config{Addr: r.RedisProxy.Addr(), Prefix: r.Redis.Prefix, Timeout: config.Timeout})
	t.Cleanup(func() { r.redis.Close() })
	r.ArrivedRedis = &tally.Transport{Next: r.redis}
	r.AskedRedis = r.ArrivedRedis
}

// protect puts the generated wrappers around the clients: all that tells a guarded service from a raw one.
func (r *Rig) protect(t testing.TB, config Config) *guard.HealthRegistry {
	t.Helper()
	registry := guard.NewHealthRegistry(guard.WithStartHold(0), guard.WithLogger(config.Logger))
	t.Cleanup(registry.Close)
	options := []guard.Option{guard.WithPolicy(func(p *guard.Policy) {
		p.ProbeTimeout = config.Timeout
		if config.Change != nil {
			config.Change(p)
		}
	})}
	sessions, err := api.NewGuardedSessionAPI(registry, r.ArrivedAPI, options...)
	must(t, err)
	messages, err := transport.NewGuardedTransport(registry, r.ArrivedRedis, append(options, guard.WithGeneration(r.redis.Generation))...)
	must(t, err)
	if config.Beneath {
		connection, err := r.redis.Guard(registry)
		must(t, err)
		t.Cleanup(func() { connection.Close() })
	}
	r.AskedAPI, r.AskedRedis = &tally.API{Next: sessions}, &tally.Transport{Next: messages}
	return registry
}

// Exists reports whether Redis has the key, whatever the proxy does.
func (r *Rig) Exists(t testing.TB, key string) bool {
	t.Helper()
	exists, err := r.Redis.Exists(context.Background(), []string{key})
	must(t, err)
	return exists[key]
}

// Listed reports whether the session API has the session, whatever the proxy does.
func (r *Rig) Listed(id string) bool {
	_, exists := r.server.Session(id)
	return exists
}

// Command is the operator's command for the service.
func (r *Rig) Command(actor string) adapter.Command {
	return adapter.Command{Daemon: r.Users.URL, Actor: actor, Client: http.DefaultClient}
}

// must ends the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
