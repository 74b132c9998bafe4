package service_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
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

// callTimeout ends a call into a black hole.
const callTimeout = 100 * time.Millisecond

// ttl is the silence after which the service under test ends a session.
const ttl = 30 * time.Second

// rig is a service with both its dependencies: a session API behind a real unix socket, and Redis, embedded or at
// REDIS_ADDR; each behind a fault proxy. The service's clock stands still until somebody moves it.
type rig struct {
	*service.Service

	server     *api.Server
	redis      *redistest.Server
	apiProxy   *faultproxy.Proxy
	redisProxy *faultproxy.Proxy
	registry   *guard.HealthRegistry // nil with raw clients
	users      *httptest.Server      // the service as its users see it
	clock      *clock

	// The calls that the service made, and those that reached the real clients. The same without a guard.
	askedAPI, arrivedAPI     *tally.API
	askedRedis, arrivedRedis *tally.Transport
}

func TestMain(m *testing.M) {
	redistest.Mute()
	os.Exit(m.Run())
}

// newRig starts a service with raw or with guarded clients. It ends with the test.
func newRig(t *testing.T, guarded bool) *rig {
	t.Helper()
	r := &rig{clock: &clock{now: time.Now().Truncate(time.Second)}}
	r.openAPI(t)
	r.openRedis(t)
	if guarded {
		r.protect(t)
	}
	r.Service = service.New(service.Config{
		API: r.askedAPI, Transport: r.askedRedis, Registry: r.registry, TTL: ttl,
		ReapEvery: time.Millisecond, RefreshEvery: time.Millisecond, PollEvery: time.Millisecond,
		Logger: slog.New(slog.DiscardHandler), Now: r.clock.Now,
	})
	r.users = httptest.NewServer(adapter.Handler(r.Service))
	t.Cleanup(r.users.Close)
	return r
}

// openAPI starts the session API.
func (r *rig) openAPI(t *testing.T) {
	dir, err := os.MkdirTemp("", "rig") // t.TempDir may be too long for the path of a socket
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	r.server = api.NewServer(nil)
	must(t, r.server.ListenAndServe(filepath.Join(dir, "real")))
	t.Cleanup(func() { r.server.Close() })
	r.apiProxy, err = faultproxy.Start("unix", filepath.Join(dir, "sock"), filepath.Join(dir, "real"))
	must(t, err)
	t.Cleanup(func() { r.apiProxy.Close() })
	client := api.NewClient(r.apiProxy.Addr(), callTimeout)
	t.Cleanup(client.Close)
	r.arrivedAPI = &tally.API{Next: client}
	r.askedAPI = r.arrivedAPI
}

// openRedis starts Redis, or uses the one at REDIS_ADDR.
func (r *rig) openRedis(t *testing.T) {
	var err error
	r.redis, err = redistest.Open(t.Context(), os.Getenv("REDIS_ADDR"))
	must(t, err)
	t.Cleanup(func() { r.redis.Close() })
	r.redisProxy, err = faultproxy.Start("tcp", "127.0.0.1:0", r.redis.Addr)
	must(t, err)
	t.Cleanup(func() { r.redisProxy.Close() })
	client := transport.NewRedis(transport.Config{Addr: r.redisProxy.Addr(), Prefix: r.redis.Prefix, Timeout: callTimeout})
	t.Cleanup(func() { client.Close() })
	r.arrivedRedis = &tally.Transport{Next: client}
	r.askedRedis = r.arrivedRedis
}

// protect puts the generated wrappers around the clients: all that tells a guarded service from a raw one.
func (r *rig) protect(t *testing.T) {
	r.registry = guard.NewHealthRegistry(guard.WithStartHold(0), guard.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(r.registry.Close)
	sessions, err := api.NewGuardedSessionAPI(r.registry, r.arrivedAPI)
	must(t, err)
	messages, err := transport.NewGuardedTransport(r.registry, r.arrivedRedis)
	must(t, err)
	r.askedAPI, r.askedRedis = &tally.API{Next: sessions}, &tally.Transport{Next: messages}
}

// exists reports whether Redis has the key, whatever the proxy does.
func (r *rig) exists(t *testing.T, key string) bool {
	t.Helper()
	exists, err := r.redis.Exists(context.Background(), []string{key})
	must(t, err)
	return exists[key]
}

// listed reports whether the server has the session, whatever the proxy does.
func (r *rig) listed(id string) bool {
	_, exists := r.server.Session(id)
	return exists
}

// command is the operator's command for the service.
func (r *rig) command(actor string) adapter.Command {
	return adapter.Command{Daemon: r.users.URL, Actor: actor, Client: http.DefaultClient}
}

// clock is a clock that stands still. Safe for concurrent use.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time on the clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// advance moves the clock.
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
