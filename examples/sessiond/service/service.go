// Package service is the daemon: it opens sessions, carries their messages and heartbeats, and ends those whose clients
// have fallen silent.
//
// It is written against the interfaces SessionAPI and Transport. Whether real clients or guarded ones stand behind them
// it knows only where it chooses to: in the scopes of its jobs and in how it paces its loops.
package service

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

// Config is what a Service is made of. API and Transport are needed, the rest has defaults.
type Config struct {
	API       api.SessionAPI
	Transport transport.Transport

	// Registry is the one the clients are guarded by: the loops then rest while a dependency is down. Nil for raw
	// clients: the loops keep their rhythm whatever happens.
	Registry *guard.HealthRegistry

	TTL          time.Duration // silence after which a client is taken for dead; 30 s
	ReapEvery    time.Duration // one turn of the reaper; 10 s
	RefreshEvery time.Duration // one refresh of the list of sessions; 5 s
	PollEvery    time.Duration // one look at the topics' latest messages; 10 s

	// Silence is for how long the session of a key has been silent; a zero lastSeen is a missing record. By default the
	// registry says it, which counts only what was observed in health, or with raw clients the clock.
	Silence func(key string, lastSeen time.Time) time.Duration

	Logger *slog.Logger     // slog.Default
	Now    func() time.Time // time.Now
}

// Service is the daemon. Safe for concurrent use.
type Service struct {
	Config

	mu       sync.Mutex
	sessions []session.Session              // as of the last refresh
	latest   map[string][]transport.Message // of each topic, as of the last look
}

// New is a service that does nothing by itself until Run.
func New(config Config) *Service {
	orDuration(&config.TTL, 30*time.Second)
	orDuration(&config.ReapEvery, 10*time.Second)
	orDuration(&config.RefreshEvery, 5*time.Second)
	orDuration(&config.PollEvery, 10*time.Second)
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	switch {
	case config.Silence != nil:
	case config.Registry != nil:
		config.Silence = config.Registry.Silence
	default:
		config.Silence = ByTheClock(config.Now)
	}
	return &Service{Config: config, latest: make(map[string][]transport.Message)}
}

// orDuration fills in a duration that was left open.
func orDuration(d *time.Duration, otherwise time.Duration) {
	if *d <= 0 {
		*d = otherwise
	}
}

// Run runs the loops of the service until ctx is done, and returns when the last of them has ended.
func (s *Service) Run(ctx context.Context) {
	var loops sync.WaitGroup
	loops.Go(func() { s.refreshLoop(ctx) })
	loops.Go(func() { s.reapLoop(ctx) })
	loops.Go(func() { s.pollLoop(ctx) })
	loops.Wait()
}

// every runs a turn at each interval until ctx is done.
func every(ctx context.Context, interval time.Duration, turn func(context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			turn(ctx)
		}
	}
}
