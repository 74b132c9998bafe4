package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/rs/zerolog"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	"github.com/guardgen/guardgen/internal/faultproxy"
	"github.com/guardgen/guardgen/internal/redisserver"
)

// dependency is the name of one of the two.
type dependency string

const (
	ofAPI     dependency = "api"
	ofRedis   dependency = "redis"
	ofProcess dependency = "process" // our own: what both depend on
)

// stage is the dependencies of one row, which a program with raw clients and a guarded one share: a redis-server behind
// toxiproxy, and a session API at a unix socket behind a proxy.
type stage struct {
	dir   string // short, for sockets
	redis *redisserver.Server
	toxic *toxiproxy.Proxy // before redis; another one after each cure
	door  string           // where it listens; stays the same

	server *api.Server
	frozen *faultproxy.Freezer // of server
	proxy  *faultproxy.Proxy   // before server

	children []*child // the programs, if the row is about what befalls their processes

	mu   sync.Mutex
	hear []func(session.Session)
}

// newStage starts the dependencies. They end with the test.
func newStage(t *testing.T, arguments ...string) *stage {
	t.Helper()
	dir, err := os.MkdirTemp("", "e2e") // t.TempDir may be too long for the path of a socket
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &stage{dir: dir, frozen: faultproxy.NewFreezer()}
	s.redis, err = redisserver.Start(dir, arguments...)
	must(t, err)
	t.Cleanup(func() { s.redis.Close() })

	s.server = api.NewServer(s.ended)
	listener, err := s.frozen.Listen("unix", filepath.Join(dir, "real"))
	must(t, err)
	s.server.Serve(listener)
	t.Cleanup(func() { s.server.Close() })
	s.proxy, err = faultproxy.Start("unix", filepath.Join(dir, "sock"), filepath.Join(dir, "real"))
	must(t, err)
	t.Cleanup(func() { s.proxy.Close() })

	must(t, s.proxyRedis("127.0.0.1:0"))
	s.door = s.toxic.Listen
	t.Cleanup(func() { s.toxic.Stop() })
	t.Cleanup(func() { // a row that failed may leave them so, and the rest cannot end then
		s.redis.Thaw()
		s.frozen.Thaw()
	})
	return s
}

// tell has somebody hear of each session that the server ends.
func (s *stage) tell(hear func(session.Session)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hear = append(s.hear, hear)
}

// ended tells them.
func (s *stage) ended(gone session.Session, _ session.Ending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, hear := range s.hear {
		hear(gone)
	}
}

// toxiproxies is what toxiproxy's proxies want to belong to. It listens nowhere.
var toxiproxies = sync.OnceValue(func() *toxiproxy.ApiServer {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	return toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
})

// proxyRedis starts a toxiproxy before Redis.
func (s *stage) proxyRedis(address string) error {
	s.toxic = toxiproxy.NewProxy(toxiproxies(), "redis", address, s.redis.Addr)
	return s.toxic.Start()
}

// poison adds a toxic to what goes upstream, to Redis, or downstream, in links that exist and in new ones, each with the
// probability of its toxicity.
func (s *stage) poison(kind, stream string, toxicity float64, attributes string) error {
	added := make(chan error, 1)
	go func() {
		_, err := s.toxic.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(
			`{"type":%q,"stream":%q,"toxicity":%g,"attributes":{%s}}`, kind, stream, toxicity, attributes)))
		added <- err
	}()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case err := <-added:
		return err
	case <-limit.C:
		return errors.New("toxiproxy does not take the toxic")
	}
}

// cure closes all links and puts a proxy without toxics in place of the other. Taking a toxic away may hang for ever where
// bytes wait in it.
func (s *stage) cure() error {
	s.toxic.Stop()
	return s.proxyRedis(s.door)
}

// open opens sessions past all proxies, each with a topic and a first heartbeat, under the prefix of a program.
func (s *stage) open(t *testing.T, prefix string, count int) []session.Session {
	t.Helper()
	client, err := api.NewClient(filepath.Join(s.dir, "real"), patience)
	must(t, err)
	defer client.Close()
	messages := transport.NewRedis(transport.Config{Addr: s.redis.Addr, Prefix: prefix, Timeout: patience})
	defer messages.Close()
	all := make([]session.Session, count)
	for i := range all {
		opened, err := client.Create(t.Context(), "ann", fmt.Sprintf("%s%d", prefix, i))
		must(t, err)
		must(t, messages.CreateTopic(t.Context(), opened.Topic))
		must(t, messages.Beat(t.Context(), opened.ID, time.Now()))
		all[i] = opened
	}
	return all
}

// conn is a connection to Redis past the proxy, which waits for an answer as long as it takes. What is set on it stays
// possible when the server takes nobody else.
func (s *stage) conn() (conn *redis.Conn, end func()) {
	client := redis.NewClient(&redis.Options{Addr: s.redis.Addr, PoolSize: 1, MaxRetries: -1, DialerRetries: 1, ReadTimeout: patience})
	conn = client.Conn()
	return conn, func() {
		conn.Close()
		client.Close()
	}
}

// config sets one parameter of Redis after the other, each with its value.
func (s *stage) config(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := s.redis.Direct.ConfigSet(context.Background(), pairs[i], pairs[i+1]).Err(); err != nil {
			return fmt.Errorf("config set %s %s: %w", pairs[i], pairs[i+1], err)
		}
	}
	return nil
}

// answers waits until Redis answers past the proxy.
func (s *stage) answers() error {
	return persist(func() error { return s.redis.Direct.Ping(context.Background()).Err() })
}

// persist does something until it succeeds, and returns the last error when patience is out.
func persist(do func() error) error {
	for deadline := time.Now().Add(patience); ; wait(context.Background(), pollEvery) {
		if err := do(); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// errNotYet is what a condition says that does not hold yet.
var errNotYet = errors.New("not yet")

// until waits for a condition, and ends the test if it does not come true.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	err := persist(func() error {
		if t.Failed() || holds() { // a failure elsewhere in the row is enough
			return nil
		}
		return errNotYet
	})
	if err != nil {
		t.Fatalf("%s: %v, for %v", what, err, patience)
	}
}

// must ends the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
