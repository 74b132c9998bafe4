package status

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// loadStorms is how often all dependencies go down and come back.
const loadStorms = 3

// service is a program with many dependencies, which serves its health.
type service struct {
	t        *testing.T
	registry *guard.HealthRegistry
	handler  *handler
	names    []string
	listener net.Listener
	dropped  chan string // the names of clients whose event streams have ended; of many, the first few
}

// serviceOf has dependencies that nobody probes, so that each event of a storm is one of its own.
func serviceOf(t *testing.T, dependencies int) *service {
	t.Helper()
	registry := guard.NewHealthRegistry(guard.WithLogger(slog.New(slog.DiscardHandler)), guard.WithStartHold(0))
	t.Cleanup(registry.Close)
	s := &service{t: t, registry: registry, dropped: make(chan string, 1000)}
	for n := range dependencies {
		s.names = append(s.names, fmt.Sprintf("shard-%04d", n))
		if _, err := s.registry.Dependency(s.names[n], guard.Policy{Optional: true}); err != nil {
			t.Fatal(err)
		}
	}
	s.handler = newHandler(s.registry)
	listener := listening(t, "127.0.0.1:0")
	s.listener = listener
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		ServeListener(ctx, narrow{listener}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.handler.ServeHTTP(w, r)
			select {
			case s.dropped <- r.Header.Get("User-Agent"):
			default:
			}
		}))
	})
	t.Cleanup(func() {
		stop()
		serving.Wait()
	})
	return s
}

// narrow is a listener whose connections hold little that is not read, so that a client which stops reading is noticed soon.
type narrow struct{ net.Listener }

// Accept implements [net.Listener].
func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		conn.(*net.TCPConn).SetWriteBuffer(16 << 10)
	}
	return conn, err
}

// storm lets all dependencies change, and returns the number of the last event.
func (s *service) storm(state guard.DependencyState) uint64 {
	s.t.Helper()
	for _, name := range s.names {
		if err := s.registry.SetState(name, state, "storm"); err != nil {
			s.t.Fatal(err)
		}
	}
	events := s.registry.Events()
	return events[len(events)-1].Seq
}

// memory is what is in use after everything unused has been collected, stacks included.
func memory() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools kept
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// TestLoadEveryClientHearsEverything: all dependencies go down and come back, several times, and the next time when all
// clients have heard of it.
func TestLoadEveryClientHearsEverything(t *testing.T) {
	s := serviceOf(t, loadDependencies)
	before := memory()
	c := s.gather(loadClients)
	with := memory()
	var filled int64
	begun := time.Now()
	for n := range loadStorms {
		c.await(s.storm(guard.Unhealthy))
		c.await(s.storm(guard.Healthy))
		if n == 1 {
			filled = memory()
		}
	}
	took, after := time.Since(begun), memory()
	last := s.handler.feed.newest()
	c.leave()
	for _, r := range c.readers {
		if r.received+r.missed != last || !stalled(s.registry) && r.missed+uint64(r.dropped) != 0 {
			t.Errorf("%s has heard %d of %d events, was told that it missed %d, and was dropped %d times", r.name, r.received, last, r.missed, r.dropped)
		}
	}
	t.Logf("%d events for %d clients in %s; %d KB with the clients, %d KB more after two storms, %d KB more after %d",
		last, loadClients, took.Round(time.Millisecond), (with-before)>>10, (filled-with)>>10, (after-filled)>>10, loadStorms)

	// A client costs two goroutines here and two in the server, a buffer of 4 KB in each direction on either side, and the
	// stacks: some 45 KB. What the storms leave behind does not grow with the clients, nor with the storms: the ring of 1,024
	// events, encoded, in some 2 MB.
	if grown := with - before; grown > loadClients*128<<10 {
		t.Errorf("%d KB for %d clients", grown>>10, loadClients)
	}
	if grown := filled - with; grown > loadClients*64<<10+4<<20 {
		t.Errorf("%d KB more after two storms", grown>>10)
	}
	if grown := after - filled; grown > 4<<20 {
		t.Errorf("%d KB more after %d storms: it grows with them", grown>>10, loadStorms)
	}
}

// TestLoadWhoeverMissesSomethingIsToldHowMuch: storms come faster than anybody can read.
func TestLoadWhoeverMissesSomethingIsToldHowMuch(t *testing.T) {
	s := serviceOf(t, loadDependencies)
	c := s.gather(loadClients)
	for range loadStorms {
		s.storm(guard.Unhealthy)
		s.storm(guard.Healthy)
	}
	s.storm(guard.Unhealthy)
	c.await(s.storm(guard.Healthy))
	last := s.handler.feed.newest()
	c.leave()
	var missed, dropped, connections uint64
	for _, r := range c.readers {
		if r.received+r.missed != last {
			t.Errorf("%s has heard %d of %d events, and was told that it missed %d", r.name, r.received, last, r.missed)
		}
		missed += r.missed
		dropped += uint64(r.dropped)
		connections += uint64(r.connections)
	}
	t.Logf("of %d events each of %d clients missed %d on average; %d were told that they are too slow, and came back: %d connections",
		last, loadClients, missed/loadClients, dropped, connections)
	if missed == 0 {
		t.Error("nobody missed anything: the test shows nothing")
	}
}

// TestLoadClientThatStopsReadingIsDroppedAndTold, while others read on.
func TestLoadClientThatStopsReadingIsDroppedAndTold(t *testing.T) {
	const patience = 300 * time.Millisecond
	s := serviceOf(t, loadDependencies)
	s.handler.patience = patience
	c := s.gather(20)
	slow := s.reader("slow")
	conn, lines, err := slow.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.(*net.TCPConn).SetReadBuffer(16 << 10)

	begun := time.Now()
	c.await(s.storm(guard.Unhealthy)) // half a megabyte
	for name := range s.dropped {
		if name == slow.name {
			break
		}
	}
	took := time.Since(begun)
	if took > patience+10*time.Second { // a busy machine is no reason to fail
		t.Errorf("it is dropped after %s, the patience is %s", took, patience)
	}
	if err := slow.read(lines); err != nil { // what was on its way
		t.Fatal(err)
	}
	if slow.received == 0 || slow.missed != 0 || slow.last.Load() > loadDependencies/2 {
		t.Errorf("before it was dropped it had heard %d events up to number %d, and missed %d", slow.received, slow.last.Load(), slow.missed)
	}
	t.Logf("dropped %s after the storm began, having heard %d of %d events", took.Round(time.Millisecond), slow.received, loadDependencies)

	var last uint64
	for range feedSize/loadDependencies/2 + 1 { // more than is remembered
		c.await(s.storm(guard.Healthy))
		last = s.storm(guard.Unhealthy)
		c.await(last)
	}
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var reading sync.WaitGroup
	reading.Go(func() { slow.run(ctx, func() {}) })
	(&crowd{t: t, readers: []*reader{slow}}).await(last)
	leave()
	reading.Wait()
	if slow.missed == 0 || slow.received+slow.missed != last {
		t.Errorf("after it came back it had heard %d of %d events, and was told that it missed %d", slow.received, last, slow.missed)
	}
}

// caller makes guarded calls of a client that does nothing.
type caller struct {
	method *guard.Method
	ctx    context.Context
}

// newCaller guards one more dependency, whose probe answers.
func newCaller(t *testing.T, registry *guard.HealthRegistry) *caller {
	t.Helper()
	spec := guard.Spec{Interface: "load.Transport", Dependency: "redis", Methods: []guard.MethodSpec{{Name: "Publish"}}}
	w, err := guard.NewWrapper(registry, spec, t, func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{w.Method("Publish"), t.Context()}
	if err := c.call(); err != nil { // the first proof
		t.Fatal(err)
	}
	return c
}

//go:noinline
func (c *caller) raw(context.Context) error { return nil }

// call is what guardgen writes for a method.
func (c *caller) call() (err error) {
	a := c.method.Begin(c.ctx)
	if a.Admitted() {
		err = c.raw(a.Context(c.ctx))
		if a.Succeeded(err) {
			return err
		}
	}
	return a.Settle(c.ctx, err)
}

// fastest is how many nanoseconds a call takes, in the fastest of many short rounds: one in which nobody else had the
// processor.
func (c *caller) fastest(t *testing.T) float64 {
	t.Helper()
	const calls = 1000
	least := time.Hour
	for first := time.Now(); time.Since(first) < 50*time.Millisecond; {
		begun := time.Now()
		for range calls {
			if err := c.call(); err != nil {
				t.Fatal(err)
			}
		}
		least = min(least, time.Since(begun))
	}
	return float64(least.Nanoseconds()) / calls
}

// TestLoadGuardedCallsAreUnaffected measures calls without clients, with clients that wait, and with clients that hear of
// storms, in turns.
func TestLoadGuardedCallsAreUnaffected(t *testing.T) {
	s := serviceOf(t, loadDependencies)
	caller := newCaller(t, s.registry)
	without, waiting, storming := math.Inf(1), math.Inf(1), math.Inf(1)
	for range 3 {
		without = min(without, caller.fastest(t))
		c := s.gather(loadClients)
		waiting = min(waiting, caller.fastest(t))
		var over atomic.Bool
		var storms sync.WaitGroup
		begin := s.storm(guard.Unhealthy)
		storms.Go(func() {
			for !over.Load() {
				s.storm(guard.Healthy)
				s.storm(guard.Unhealthy)
			}
		})
		c.await(begin)
		storming = min(storming, caller.fastest(t))
		over.Store(true)
		storms.Wait()
		s.storm(guard.Healthy)
		c.leave()
	}
	ratio := func(ns float64) float64 { return ns / without }
	t.Logf("a guarded call takes %.1f ns; with %d clients that wait %.1f ns (%.2f times as long), that hear of storms %.1f ns (%.2f)",
		without, loadClients, waiting, ratio(waiting), storming, ratio(storming))
	if ratio(waiting) > 1.5 {
		t.Errorf("clients that wait make a call %.2f times as long", ratio(waiting))
	}
	if ratio(storming) > 2.5 { // both halves of a core may be busy, which is not ours to mend
		t.Errorf("clients that hear of storms make a call %.2f times as long", ratio(storming))
	}
}

// TestLoadManyReadersOfAReportCostFewReports: 200 ask for the report of a thousand dependencies, all the time.
func TestLoadManyReadersOfAReportCostFewReports(t *testing.T) {
	s := serviceOf(t, loadDependencies)
	s.storm(guard.Unhealthy)
	least := time.Hour
	for range 10 {
		begun := time.Now()
		body, err := json.Marshal(s.handler.report(time.Now()))
		if err != nil || len(body) < loadDependencies*100 {
			t.Fatalf("%d bytes, %v", len(body), err)
		}
		least = min(least, time.Since(begun))
	}
	var mu sync.Mutex
	made := make(map[*byte]bool) // reports, by where they are
	var reading sync.WaitGroup
	begun := time.Now()
	for range loadClients {
		reading.Go(func() {
			for time.Since(begun) < 5*reportLife {
				_, body := s.handler.currentReport()
				mu.Lock()
				made[&body[0]] = true
				mu.Unlock()
			}
		})
	}
	reading.Wait()
	took := time.Since(begun)
	t.Logf("a report of %d dependencies takes %s; %d readers had %d in %s", loadDependencies, least.Round(10*time.Microsecond), loadClients, len(made),
		took.Round(time.Millisecond))
	if most := int(took/reportLife) + 1; len(made) > most || len(made) < 2 {
		t.Errorf("%d reports were made in %s, want at most %d", len(made), took, most)
	}
}
