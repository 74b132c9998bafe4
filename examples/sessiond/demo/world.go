package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	"github.com/guardgen/guardgen/examples/sessiond/service"
	"github.com/guardgen/guardgen/examples/sessiond/tally"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// world is one service with dependencies of its own behind proxies, its clients, and the truth about them.
type world struct {
	name   string
	tempo  tempo
	ledger *ledger

	server     *api.Server
	socket     string // of the server itself, behind the proxy
	redis      *redistest.Server
	apiProxy   *faultproxy.Proxy
	redisProxy *faultproxy.Proxy
	transport  *transport.Redis // through the proxy

	registry *guard.HealthRegistry // nil with raw clients
	service  *service.Service
	clients  []*client
	asked    traffic // what the service asked of its clients
	arrived  traffic // what went on to the dependencies

	closers []func() error // of what is open, in the order of opening
}

// traffic counts the calls to both dependencies.
type traffic struct {
	api   *tally.API
	redis *tally.Transport
}

// calls is the number of calls without the probes, which only the guard makes.
func (t traffic) calls() int {
	return t.api.Total() - t.api.Calls()["Ping"] + t.redis.Total() - t.redis.Calls()["Ping"]
}

// setting is what the worlds have in common.
type setting struct {
	dir   string // for sockets; short, because the path of a socket must be
	redis string // address of a real Redis, "" for an embedded one each
	tempo tempo
	seed  uint64
	log   *slog.Logger // of the guard
}

// newWorld starts the dependencies and the service, with raw or with guarded clients. Close ends it, also after an error.
func newWorld(ctx context.Context, name string, guarded bool, s setting) (*world, error) {
	w := &world{name: name, tempo: s.tempo, ledger: newLedger()}
	err := errors.Join(
		w.openAPI(filepath.Join(s.dir, name), s.seed),
		w.openTransport(ctx, s.redis, s.seed+1),
	)
	if err != nil {
		return w, fmt.Errorf("%s: %w", name, err)
	}
	w.asked = w.arrived
	if guarded {
		if err := w.protect(s.log); err != nil {
			return w, fmt.Errorf("%s: %w", name, err)
		}
	}
	config := service.Config{
		API: w.asked.api, Transport: w.asked.redis, Registry: w.registry, Logger: slog.New(slog.DiscardHandler),
	}
	s.tempo.pace(&config)
	w.service = service.New(config)
	return w, nil
}

// openAPI starts the session API, its proxy and its client.
func (w *world) openAPI(path string, seed uint64) (err error) {
	w.socket = path + ".real"
	w.server = api.NewServer(w.ledger.ended)
	w.closers = append(w.closers, w.server.Close)
	if err := w.server.ListenAndServe(w.socket); err != nil {
		return err
	}
	if w.apiProxy, err = faultproxy.Start("unix", path+".sock", w.socket); err != nil {
		return err
	}
	w.apiProxy.Seed(seed)
	w.closers = append(w.closers, w.apiProxy.Close)
	client, err := api.NewClient(w.apiProxy.Addr(), w.tempo.callTimeout)
	if err != nil {
		return err
	}
	w.closers = append(w.closers, func() error { client.Close(); return nil })
	w.arrived.api = &tally.API{Next: client}
	return nil
}

// openTransport starts Redis, or goes to the real one, with a proxy and a client.
func (w *world) openTransport(ctx context.Context, address string, seed uint64) (err error) {
	if w.redis, err = redistest.Open(ctx, address); err != nil {
		return err
	}
	w.closers = append(w.closers, w.redis.Close)
	if w.redisProxy, err = faultproxy.Start("tcp", "127.0.0.1:0", w.redis.Addr); err != nil {
		return err
	}
	w.redisProxy.Seed(seed)
	w.closers = append(w.closers, w.redisProxy.Close)
	w.transport = transport.NewRedis(transport.Config{Addr: w.redisProxy.Addr(), Prefix: w.redis.Prefix, Timeout: w.tempo.callTimeout})
	w.closers = append(w.closers, w.transport.Close)
	w.arrived.redis = &tally.Transport{Next: w.transport}
	return nil
}

// protect puts the generated wrappers around the clients. This is all that a guarded world has and a raw one has not.
func (w *world) protect(log *slog.Logger) error {
	w.registry = guard.NewHealthRegistry(guard.WithLogger(log))
	w.closers = append(w.closers, func() error { w.registry.Close(); return nil })
	sessions, err := api.NewGuardedSessionAPI(w.registry, w.arrived.api,
		w.tempo.options("CloseSession", "TerminateSession", "EndSession")...)
	if err != nil {
		return err
	}
	messages, err := transport.NewGuardedTransport(w.registry, w.arrived.redis,
		append(w.tempo.options("DeleteTopic", "DeleteChannel"), guard.WithGeneration(w.transport.Generation))...)
	if err != nil {
		return err
	}
	connection, err := w.transport.Guard(w.registry)
	if err != nil {
		return err
	}
	w.closers = append(w.closers, connection.Close)
	w.asked = traffic{&tally.API{Next: sessions}, &tally.Transport{Next: messages}}
	return nil
}

// patientTimeout is that of the calls that open the sessions: before the story begins nothing is to fail.
const patientTimeout = 10 * time.Second

// opener is a service that goes straight to the dependencies.
func (w *world) opener() (s *service.Service, closeAll func(), err error) {
	sessions, err := api.NewClient(w.socket, patientTimeout)
	if err != nil {
		return nil, nil, err
	}
	messages := transport.NewRedis(transport.Config{Addr: w.redis.Addr, Prefix: w.redis.Prefix, Timeout: patientTimeout})
	s = service.New(service.Config{API: sessions, Transport: messages, Logger: slog.New(slog.DiscardHandler)})
	return s, func() {
		sessions.Close()
		messages.Close()
	}, nil
}

// populate opens the sessions of the cast.
func (w *world) populate(ctx context.Context, c cast) error {
	opener, closeAll, err := w.opener()
	if err != nil {
		return err
	}
	defer closeAll()
	for i := range c.sessions {
		topic := ""
		if i < c.topics {
			topic = fmt.Sprintf("topic-%03d", i)
		}
		opened, err := opener.Open(ctx, fmt.Sprintf("owner-%03d", i), topic)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		w.ledger.opened(opened)
		w.clients = append(w.clients, &client{
			service:  w.service,
			session:  opened,
			tempo:    w.tempo,
			dice:     rand.New(rand.NewPCG(c.seed, uint64(i))),
			lifetime: c.deaths[i],
			notifies: i%notifyShare == 1,
		})
	}
	return nil
}

// live runs the service, its clients and the watch over its topics until ctx is done and all of them have ended.
func (w *world) live(ctx context.Context) {
	var living sync.WaitGroup
	defer living.Wait()
	living.Go(func() { w.service.Run(ctx) })
	living.Go(func() { w.watchTopics(ctx) })
	for _, member := range w.clients {
		living.Go(func() {
			if member.run(ctx) {
				w.ledger.died(member.session.ID)
			}
		})
	}
}

// watchTopics enters into the ledger which topics exist.
func (w *world) watchTopics(ctx context.Context) {
	for wait(ctx, w.tempo.heartbeat/2) == nil {
		w.lookAtTopics(ctx) // what one look misses the next one sees
	}
}

// lookAtTopics enters into the ledger which topics exist now.
func (w *world) lookAtTopics(ctx context.Context) error {
	exists, err := w.redis.Exists(ctx, w.ledger.topicKeys())
	if err == nil {
		w.ledger.topics(exists)
	}
	return err
}

// strike sets the faults of both dependencies.
func (w *world) strike(api, redis faultproxy.Fault) error {
	return errors.Join(w.apiProxy.Set(api), w.redisProxy.Set(redis))
}

// close ends what newWorld started, the last first.
func (w *world) close() error {
	var failed []error
	for len(w.closers) > 0 {
		last := len(w.closers) - 1
		failed = append(failed, w.closers[last]())
		w.closers = w.closers[:last]
	}
	return errors.Join(failed...)
}
