//go:build unix

package goredis

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
	"github.com/guardgen/guardgen/internal/redisserver"
)

// Verdicts, as short as a table wants them.
const (
	success  = guard.OutcomeSuccess
	failure  = guard.OutcomeFailure
	ignored  = guard.OutcomeIgnored
	degraded = guard.OutcomeDegraded
)

var verdicts = map[guard.Outcome]string{success: "success", failure: "failure", ignored: "ignored", degraded: "degraded"}

// row is a condition of the table of errors.
type row struct {
	name string
	want guard.Outcome
	// seen says what the error is like, where a rule hangs on it.
	seen func(error) bool
	// meet brings the condition about, and returns the error of a command that met it and the context of its caller.
	meet func(*scene) (context.Context, error)
}

// patience is what a client of a scene waits for anything; longer than a healthy server ever takes here.
const patience = 150 * time.Millisecond

// scene is where a row is played: a real server, and a proxy with a mind of its own before it.
type scene struct {
	*testing.T
	server *redisserver.Server // shared by the rows of a table
	proxy  *faultproxy.Proxy
}

// play runs the rows of a table with one server. With -v it prints what was seen.
func play(t *testing.T, rows []row, arguments ...string) {
	server := startRedis(t, arguments...)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			proxy, err := faultproxy.Start("tcp", "127.0.0.1:0", server.Addr)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { proxy.Close() })
			ctx, err := row.meet(&scene{T: t, server: server, proxy: proxy})
			verdict := Classify(ctx, err)
			t.Logf("%-8s  %T: %v", verdicts[verdict], err, err)
			if verdict != row.want {
				t.Errorf("want %s", verdicts[row.want])
			}
			if row.seen != nil && !row.seen(err) {
				t.Error("not the error that the table speaks of")
			}
		})
	}
}

// client dials the proxy, and gives up early. Tweaks change its options.
func (s *scene) client(tweaks ...func(*redis.Options)) *redis.Client {
	o := &redis.Options{
		Addr: s.proxy.Addr(), DialTimeout: patience, ReadTimeout: patience, WriteTimeout: patience, PoolTimeout: patience, PoolSize: 4,
	}
	for _, tweak := range tweaks {
		tweak(o)
	}
	return newClient(s, o)
}

// warm is a client with a connection.
func (s *scene) warm(tweaks ...func(*redis.Options)) *redis.Client {
	s.Helper()
	client := s.client(tweaks...)
	if err := client.Ping(s.Context()).Err(); err != nil {
		s.Fatal(err)
	}
	return client
}

// strike sets a fault.
func (s *scene) strike(f faultproxy.Fault) {
	s.Helper()
	if err := s.proxy.Set(f); err != nil {
		s.Fatal(err)
	}
}

// do has the server do something, past the proxy.
func (s *scene) do(args ...any) {
	s.Helper()
	if err := s.server.Direct.Do(context.Background(), args...).Err(); err != nil && err != redis.Nil {
		s.Fatalf("%v: %v", args, err)
	}
}

// undo has the server do something when the row is over.
func (s *scene) undo(args ...any) {
	s.Cleanup(func() { s.do(args...) })
}

// until waits for something that the server says only when it is asked.
func (s *scene) until(met func() bool) {
	s.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if met() {
				return
			}
		case <-s.Context().Done():
			s.Fatal("it did not happen")
		}
	}
}

// background runs f, and waits for it when the row is over.
func (s *scene) background(f func()) {
	var running sync.WaitGroup
	running.Go(f)
	s.Cleanup(running.Wait)
}

// get asks for a key that is not there, in healthy times.
func get(ctx context.Context, client redis.UniversalClient) (context.Context, error) {
	return ctx, client.Get(ctx, "key").Err()
}

// answering is a row about what a server says that we cannot be: the bytes are ours, on a connection of a real one.
func answering(name string, want guard.Outcome, bytes string, seen func(error) bool) row {
	return row{name, want, seen, func(s *scene) (context.Context, error) {
		client := s.warm()
		s.strike(faultproxy.Fault{Answer: bytes})
		return get(s.Context(), client)
	}}
}

// onWrite calls a function before a connection writes, once it is armed.
type onWrite struct {
	armed atomic.Bool
	then  func()
}

// dialer is the Dialer of a client whose connections call it.
func (w *onWrite) dialer(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	return &watched{conn, w}, err
}

type watched struct {
	net.Conn
	by *onWrite
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.Conn.Write(b)
	if w.by.armed.CompareAndSwap(true, false) {
		w.by.then()
	}
	return n, err
}

// is is the condition that errors.Is says so.
func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}
