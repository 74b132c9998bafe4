//go:build unix

package goredis

import (
	"context"
	"flag"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// faults are what can stand between a client and its server so that a breaker opens.
var faults = map[string]faultproxy.Fault{
	"refused":          {Refuse: true},
	"deaf":             {Deaf: true},
	"reset":            {Reset: true},
	"black hole":       {BlackHole: true},
	"requests lost":    {LoseRequests: true},
	"answers lost":     {LoseAnswers: true},
	"dies slowly":      {BlackHole: true, HangUp: 50 * time.Millisecond},
	"slow":             {Latency: 150 * time.Millisecond},
	"trickles":         {Trickle: 50 * time.Millisecond},
	"answers cut":      {CutAfter: 1},
	"another protocol": {Answer: "HTTP/1.1 400 Bad Request\r\n\r\n"},
	"loading":          {Answer: "-LOADING Redis is loading the dataset in memory\r\n"},
}

// cycles is how many outages a client goes through in a row. make outages goes through
// 200.
var cycles = flag.Int("cycles", 40, "how many outages a client goes through in a row")

// step is the longest delay of the quick policy: that of one backoff step.
const step = 100 * time.Millisecond

func TestClientRecoversWithinOneStepAndASecond(t *testing.T) {
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := onStage(t)
			s.breaks(fault)
			s.fault(faultproxy.Fault{})
			back := time.Now()
			for s.client.Get(t.Context(), "k").Err() != redis.Nil {
				if took := time.Since(back); took > step+time.Second {
					t.Fatalf("no command succeeds %s after the server is back", took)
				}
				runtime.Gosched()
			}
			for range 50 {
				if err := s.client.Get(t.Context(), "k").Err(); err != redis.Nil {
					t.Errorf("it fails again: %v", err)
				}
			}
		})
	}
}

func TestClientRecoversFromAServerThatStoodStill(t *testing.T) {
	s := onStage(t)
	if err := s.server.Freeze(); err != nil {
		t.Fatal(err)
	}
	for s.health().State != guard.Unhealthy {
		_ = s.client.Get(t.Context(), "k").Err()
	}
	if err := s.server.Thaw(); err != nil {
		t.Fatal(err)
	}
	back := time.Now()
	s.wait()
	if err := s.client.Get(t.Context(), "k").Err(); err != redis.Nil || time.Since(back) > step+time.Second {
		t.Errorf("%v, %s after the server is back", err, time.Since(back))
	}
}

// TestOldNewsOfThePoolDoesNotOpenTheBreakerAgain: for up to a second after a server is back, a pool that could not dial
// answers every call with its last error.
func TestOldNewsOfThePoolDoesNotOpenTheBreakerAgain(t *testing.T) {
	s := onStage(t)
	options := *s.client.Options()
	options.PoolSize, options.PipelinePoolSize, options.MaxRetries = 1, -1, -1
	for range 20 {
		small := redis.NewClient(&options)
		t.Cleanup(func() { small.Close() })
		s.guard(small)
		s.fault(faultproxy.Fault{Refuse: true})
		for s.health().State != guard.Unhealthy {
			_ = small.Get(t.Context(), "k").Err()
		}
		s.heal()
		lost := 0
		for back := time.Now(); small.Get(t.Context(), "k").Err() != redis.Nil; lost++ {
			if h := s.health(); h.State == guard.Unhealthy {
				t.Fatalf("it is %s again: %v", h.State, h.LastError)
			}
			if took := time.Since(back); took > step+time.Second {
				t.Fatalf("no command succeeds %s after the server is back", took)
			}
		}
		if lost > 10 { // else the pool had another chance to dial, and the test has shown nothing
			return
		}
	}
	t.Fatal("the pool told no old news in 20 outages")
}

func TestManyOutagesLeaveNothingBehind(t *testing.T) {
	policy := quick
	policy.Backoff = guard.Backoff{Min: time.Millisecond, Max: 2 * time.Millisecond}
	s := onStage(t, Policy(policy))
	if err := s.client.Get(t.Context(), "k").Err(); err != redis.Nil {
		t.Fatal(err)
	}
	goroutines, connections := runtime.NumGoroutine(), s.connections()
	for range *cycles {
		s.breaks(faultproxy.Fault{Refuse: true})
		wantUnhealthy(t, s.client.Get(t.Context(), "k").Err())
		s.heal()
		for s.client.Get(t.Context(), "k").Err() != redis.Nil { // the pool dials again within a second
			runtime.Gosched()
		}
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > goroutines+2 || s.connections() > connections+2 {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before; %d connections, %d before", runtime.NumGoroutine(), goroutines, s.connections(), connections)
		}
		runtime.Gosched()
	}
	if h := s.health(); h.State != guard.Healthy {
		t.Errorf("it is %s", h.State)
	}
}

// connections is how many clients the server has.
func (s *stage) connections() int {
	s.t.Helper()
	info, err := s.server.Direct.Info(context.Background(), "clients").Result()
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(info) {
		if n, ok := strings.CutPrefix(line, "connected_clients:"); ok {
			count, _ := strconv.Atoi(strings.TrimSpace(n))
			return count
		}
	}
	s.t.Fatal("the server does not count its clients")
	return 0
}

func TestProbeHasConnectionsOfItsOwn(t *testing.T) {
	s := onStage(t)
	options := *s.client.Options()
	options.PoolSize, options.PoolTimeout, options.PipelinePoolSize, options.MaxRetries = 1, 50*time.Millisecond, -1, -1
	small := redis.NewClient(&options)
	t.Cleanup(func() { small.Close() })
	s.guard(small)
	waiting := make(chan error, 1)
	go func() { waiting <- small.BLPop(t.Context(), 0, "queue").Err() }()
	for s.connections() < 3 { // ours, the probe's, and the one that waits
		runtime.Gosched()
	}
	for range 6 {
		_ = small.Get(t.Context(), "k").Err()
	}
	if h := s.health(); h.State != guard.Degraded || h.Failures != 0 {
		t.Errorf("with a full pool it is %s with %d failures: %v", h.State, h.Failures, h.LastError)
	}
	if err := s.registry.Probe(t.Context(), "redis"); err != nil {
		t.Errorf("the probe waits behind it: %v", err)
	}
	if err := s.server.Direct.RPush(t.Context(), "queue", "v").Err(); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

func TestProbeThatWritesFindsAServerThatDoesNot(t *testing.T) {
	s := onStage(t, ProbeWriting("guard:probe"))
	if err := s.registry.Probe(t.Context(), "redis"); err != nil {
		t.Fatal(err)
	}
	if n := s.server.Direct.Exists(t.Context(), "guard:probe").Val(); n != 1 {
		t.Error("the probe has written nothing")
	}
	if err := s.server.Direct.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.registry.Probe(t.Context(), "redis"); !redis.IsOOMError(err) {
		t.Errorf("the probe says %v", err)
	}
	if state := s.registry.State("redis"); state != guard.Degraded {
		t.Errorf("it is %s", state)
	}
}

func TestServerThatWasRestartedIsSomebodyElse(t *testing.T) {
	s := onStage(t, held(), RunID())
	scope := guard.NewScope(t.Context())
	if err := s.client.Del(scope, "k").Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.server.Start(); err != nil {
		t.Fatal(err)
	}
	err := s.client.Del(guard.NewScope(t.Context()), "k").Err() // nothing failed meanwhile, so that only the run id tells
	wantDenied(t, err, guard.ReasonRecovering)
}

func TestSubscriptionIsConfirmed(t *testing.T) {
	s := onStage(t)
	subscription, err := s.Subscribe(t.Context(), "news")
	if err != nil {
		t.Fatal(err)
	}
	defer subscription.Close()
	if err := s.client.Publish(t.Context(), "news", "something").Err(); err != nil {
		t.Fatal(err)
	}
	if message, err := subscription.ReceiveMessage(t.Context()); err != nil || message.Payload != "something" {
		t.Errorf("%v, %v", message, err)
	}
	s.fault(faultproxy.Fault{BlackHole: true})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.PSubscribe(ctx, "n*"); err == nil || s.health().Failures != 1 {
		t.Errorf("%v: %d failures", err, s.health().Failures)
	}
	if _, err := s.Subscribe(t.Context()); err == nil {
		t.Error("it subscribes to nothing")
	}
}

func TestClosedGuardStillProbesForOthersAndKeepsNothing(t *testing.T) {
	s := onStage(t)
	other := redis.NewClient(s.client.Options())
	t.Cleanup(func() { other.Close() })
	if err := s.guard(other).Close(); err != nil { // the probe is that of the newest
		t.Fatal(err)
	}
	s.breaks(faultproxy.Fault{Refuse: true})
	s.heal()
	connections := s.connections()
	for range 5 {
		if err := s.registry.Probe(t.Context(), "redis"); err != nil {
			t.Error(err)
		}
	}
	for deadline := time.Now().Add(5 * time.Second); s.connections() > connections; { // the server hears of it later
		if time.Now().After(deadline) {
			t.Fatalf("there are %d connections, %d before the probes", s.connections(), connections)
		}
	}
}
