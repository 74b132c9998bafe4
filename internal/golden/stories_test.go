package golden_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/carried"
	"github.com/guardgen/guardgen/internal/golden/keys"
	guard "github.com/guardgen/guardgen/runtime"
)

var errBroken = errors.New("connection refused")

// mark is the key of a context that a story made.
type mark struct{}

func marked() context.Context { return context.WithValue(context.Background(), mark{}, 0) }

func quietRegistry(t *testing.T) *guard.HealthRegistry {
	t.Helper()
	registry := guard.NewHealthRegistry(guard.WithStartHold(0), guard.WithLogger(slog.New(slog.DiscardHandler)))
	t.Cleanup(registry.Close)
	return registry
}

func TestFailedCallDeniesDestructionOfItsTarget(t *testing.T) {
	for _, test := range []struct {
		name string
		fail func(keys.Broker) error
	}{
		{"named by a parameter", func(b keys.Broker) error { return b.Touch(marked(), 7) }},
		{"beside a nil pointer on the path of another key", func(b keys.Broker) error { return b.SendTo(marked(), 7, nil) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &flaky{}
				broker, err := newBroker(quietRegistry(t), client)
				if err != nil {
					t.Fatal(err)
				}
				client.broken.Store(true)
				if err := test.fail(broker); err != errBroken {
					t.Fatalf("error %v, want that of the client", err)
				}
				client.broken.Store(false)
				time.Sleep(5 * time.Second) // the quiet time of a call without scope

				var denied *guard.DestructiveDeniedError
				if err := broker.EndAll(marked(), []keys.ID{5, 7}); !errors.As(err, &denied) || denied.Key != "session:7" {
					t.Errorf("error %v, want a denial about session:7", err)
				}
				if err := broker.EndIn(marked(), keys.Request{Parent: &keys.Target{IDs: []keys.ID{7}}}); !errors.As(err, &denied) || denied.Key != "session:7" {
					t.Errorf("error %v, want a denial about session:7", err)
				}
				if err := broker.EndAll(marked(), []keys.ID{5}); err != nil {
					t.Errorf("error %v about a target that never failed, want none", err)
				}
			})
		})
	}
}

func TestUnreadableTargetIsNotDestroyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker, err := newBroker(quietRegistry(t), &flaky{})
		if err != nil {
			t.Fatal(err)
		}
		var denied *guard.DestructiveDeniedError
		if err := broker.EndIn(marked(), keys.Request{}); !errors.As(err, &denied) || denied.Key != "session:?" {
			t.Errorf("error %v for a request without a parent, want a denial about session:?", err)
		}
	})
}

// mute answers its calls with nothing, and remembers under which context they ran.
type mute struct {
	carried.Redis
	ctx context.Context
}

func (m *mute) Ping(ctx context.Context) *redis.StatusCmd {
	m.ctx = ctx
	return nil
}

func TestCallWithoutAnAnswerEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &mute{}
		commands, err := carried.NewGuardedRedis(quietRegistry(t), client, exercise.Alive)
		if err != nil {
			t.Fatal(err)
		}
		if cmd := commands.Ping(marked()); cmd != nil {
			t.Errorf("answer %v, want that of the client", cmd)
		}
		if client.ctx == nil || client.ctx.Err() == nil {
			t.Error("the deadline of the call goes on after the call")
		}
	})
}

// pinged answers its probe with an error inside the result, or with nothing wrong.
type pinged struct {
	carried.Redis
	err error
}

func (p *pinged) Ping(ctx context.Context) *redis.StatusCmd {
	cmd := redis.NewStatusCmd(ctx)
	cmd.SetErr(p.err)
	return cmd
}

func TestProbeReportsTheErrorInsideItsResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &pinged{err: errBroken}
		registry := quietRegistry(t)
		if _, err := carried.NewGuardedRedis(registry, client); err != nil {
			t.Fatal(err)
		}
		if err := registry.Probe(t.Context(), "commands"); !errors.Is(err, errBroken) {
			t.Errorf("error %v of a probe that failed, want that of the client", err)
		}
		client.err = nil
		if err := registry.Probe(t.Context(), "commands"); err != nil {
			t.Errorf("error %v of a probe that was answered, want none", err)
		}
	})
}

// flaky is a broker whose connection breaks on demand.
type flaky struct{ broken atomic.Bool }

func (f *flaky) run() error {
	if f.broken.Load() {
		return errBroken
	}
	return nil
}

func (f *flaky) Ping(context.Context) error                           { return f.run() }
func (f *flaky) Touch(context.Context, keys.ID) error                 { return f.run() }
func (f *flaky) Send(context.Context, keys.ID, keys.Request) error    { return f.run() }
func (f *flaky) SendTo(context.Context, keys.ID, *keys.Request) error { return f.run() }
func (f *flaky) EndAll(context.Context, []keys.ID) error              { return f.run() }
func (f *flaky) EndIn(context.Context, keys.Request) error            { return f.run() }

func TestPredicateDecidesWhetherTheGateIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Within the start hold the gate denies everything, and the breaker nothing.
		registry := guard.NewHealthRegistry(guard.WithStartHold(time.Minute), guard.WithLogger(slog.New(slog.DiscardHandler)))
		defer registry.Close()
		conn, err := newConn(registry, predicateFake{pinger{&exercise.Recorder{}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Do(marked(), "GET", "a"); err != nil {
			t.Errorf("GET: error %v, want none", err)
		}
		if _, err := conn.Do(marked(), "DEL", "a"); !errors.Is(err, guard.ErrDestructiveDenied) {
			t.Errorf("DEL: error %v, want a denial", err)
		}
		if err := conn.Exec("SELECT 1"); err != nil {
			t.Errorf("SELECT: error %v, want none", err)
		}
		if err := conn.Exec("DELETE FROM t"); !errors.Is(err, guard.ErrDestructiveDenied) {
			t.Errorf("DELETE: error %v, want a denial", err)
		}
	})
}
