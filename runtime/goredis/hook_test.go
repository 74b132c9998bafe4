//go:build unix

package goredis

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

func TestEveryWayToSendIsRefusedInAnOutage(t *testing.T) {
	s := onStage(t)
	ctx := t.Context()
	script := redis.NewScript("return 1")
	ways := map[string]func() error{
		"command":     func() error { return s.client.Get(ctx, "k").Err() },
		"do":          func() error { return s.client.Do(ctx, "GET", "k").Err() },
		"process":     func() error { return s.client.Process(ctx, redis.NewStringCmd(ctx, "get", "k")) },
		"script":      func() error { return script.Run(ctx, s.client, []string{"k"}).Err() },
		"iterator":    func() error { it := s.client.Scan(ctx, 0, "*", 10).Iterator(); it.Next(ctx); return it.Err() },
		"pipelined":   func() error { _, err := s.client.Pipelined(ctx, twoGets(ctx)); return err },
		"transaction": func() error { _, err := s.client.TxPipelined(ctx, twoGets(ctx)); return err },
		"watch":       func() error { return s.client.Watch(ctx, func(*redis.Tx) error { return nil }, "k") },
		"connection": func() error {
			conn := s.client.Conn()
			defer conn.Close()
			return conn.Get(ctx, "k").Err()
		},
		"blocking":  func() error { return s.client.BLPop(ctx, time.Second, "k").Err() },
		"subscribe": func() error { _, err := s.Subscribe(ctx, "c"); return err },
		"auto-pipeline": func() error {
			pipe, err := s.client.AutoPipeline()
			if err != nil {
				return err
			}
			return pipe.Get(ctx, "k").Err()
		},
	}
	for name, send := range ways {
		if err := send(); err != nil && !errors.Is(err, redis.Nil) {
			t.Errorf("%s in health: %v", name, err)
		}
	}
	s.breaks(faultproxy.Fault{BlackHole: true})
	before := s.sent.commands.Load() + s.sent.pipelines.Load()
	for name, send := range ways {
		begun := time.Now()
		if err := send(); !errors.Is(err, guard.ErrUnhealthy) {
			t.Errorf("%s in an outage: %v", name, err)
		}
		if took := time.Since(begun); took > 100*time.Millisecond {
			t.Errorf("%s took %s to be refused", name, took)
		}
	}
	if after := s.sent.commands.Load() + s.sent.pipelines.Load(); after != before {
		t.Errorf("%d commands were sent", after-before)
	}
	s.heal()
	for name, send := range ways {
		if err := send(); err != nil && !errors.Is(err, redis.Nil) {
			t.Errorf("%s after the outage: %v", name, err)
		}
	}
}

func twoGets(ctx context.Context) func(redis.Pipeliner) error {
	return func(pipe redis.Pipeliner) error {
		pipe.Get(ctx, "k")
		pipe.Get(ctx, "l")
		return nil
	}
}

// TestCommandWithItsHandshakeIsOneCall: a connection is greeted through the same hooks, nested in the command that needs
// it. Were the greeting a call of its own, each command without a connection would count twice, and with one trial in
// half-open the breaker would never close.
func TestCommandWithItsHandshakeIsOneCall(t *testing.T) {
	s := onStage(t)
	s.fault(faultproxy.Fault{BlackHole: true}) // it connects, and HELLO is not answered
	for i := range 3 {
		if err := s.client.Get(t.Context(), "k").Err(); err == nil {
			t.Fatal("a black hole answered")
		}
		if failures := s.health().Failures; failures != i+1 {
			t.Fatalf("%d failures after %d commands", failures, i+1)
		}
	}
}

func TestBreakerClosesThroughTheGuardedClientItself(t *testing.T) {
	var client atomic.Pointer[redis.Client]
	s := onStage(t, Probe(func(ctx context.Context) error {
		if client.Load() == nil {
			return errors.New("too early")
		}
		return client.Load().Ping(ctx).Err()
	}))
	client.Store(s.client)
	s.breaks(faultproxy.Fault{Refuse: true})
	s.heal()
	if err := s.client.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Error(err)
	}
}

func TestMissesAreAnswers(t *testing.T) {
	s := onStage(t)
	for range 20 {
		if err := s.client.Get(t.Context(), "nobody").Err(); err != redis.Nil {
			t.Fatal(err)
		}
	}
	if h := s.health(); h.State != guard.Healthy || h.Failures != 0 {
		t.Errorf("after 20 misses it is %s with %d failures", h.State, h.Failures)
	}
}

func TestErrorsAreJudgedByThePolicy(t *testing.T) {
	strict := func(context.Context, error) guard.Outcome { return guard.OutcomeFailure }
	policy := quick
	policy.Classify = strict
	for name, option := range map[string]Option{
		"Policy": Policy(policy),
		"With":   With(guard.WithPolicy(func(p *guard.Policy) { p.Classify = strict })),
	} {
		s := onStage(t, option)
		if err := s.client.Get(t.Context(), "nobody").Err(); err != redis.Nil || s.health().Failures != 1 {
			t.Errorf("%s: %v: %d failures", name, err, s.health().Failures)
		}
	}
}

func TestPipelineIsJudgedByAllItsCommands(t *testing.T) {
	s := onStage(t, held())
	if err := s.server.Direct.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := s.client.Pipelined(t.Context(), func(pipe redis.Pipeliner) error {
		pipe.Get(t.Context(), "nobody")
		pipe.Set(t.Context(), "k", "v", 0)
		return nil
	})
	if err != redis.Nil {
		t.Fatalf("the pipeline says %v", err)
	}
	if h := s.health(); h.State != guard.Degraded || !redis.IsOOMError(h.LastError) {
		t.Errorf("it is %s: %v", h.State, h.LastError)
	}
	if v := s.registry.Explain(guard.NewScope(t.Context()), "DEL", "key:nobody"); v.Reason == guard.ReasonKey {
		t.Error("the key of the command that went well is suspect")
	}
	if v := s.registry.Explain(guard.NewScope(t.Context()), "DEL", "key:k"); v.Reason != guard.ReasonKey {
		t.Errorf("the key of the command that failed is not suspect: %+v", v)
	}
}

func TestFailedPipelineCountsOnce(t *testing.T) {
	s := onStage(t)
	s.fault(faultproxy.Fault{BlackHole: true})
	_, err := s.client.Pipelined(t.Context(), func(pipe redis.Pipeliner) error {
		for range 10 {
			pipe.Del(t.Context(), "k")
			pipe.Get(t.Context(), "l")
		}
		return nil
	})
	if err == nil || s.health().Failures != 1 {
		t.Errorf("%v: %d failures", err, s.health().Failures)
	}
}

func TestDeadlineOfTheCallerIsAFailure(t *testing.T) {
	s := onStage(t)
	s.fault(faultproxy.Fault{BlackHole: true})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.client.Get(ctx, "k").Err(); err == nil || s.health().Failures != 1 {
		t.Errorf("%v: %d failures", err, s.health().Failures)
	}
}

func TestCallerWhoCancelsIsIgnored(t *testing.T) {
	s := onStage(t)
	s.fault(faultproxy.Fault{BlackHole: true})
	for _, cancel := range []func() (context.Context, func()){
		func() (context.Context, func()) { ctx, cancel := context.WithCancel(t.Context()); return ctx, cancel },
		func() (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(t.Context())
			return ctx, func() { cancel(errors.New("the user went home")) }
		},
	} {
		ctx, gone := cancel()
		timer := time.AfterFunc(10*time.Millisecond, gone)
		err := s.client.Get(ctx, "k").Err()
		timer.Stop()
		if err == nil || s.health().Failures != 0 {
			t.Errorf("%v: %d failures", err, s.health().Failures)
		}
	}
}

func TestBlockingCommandMayWaitUntilItsCallersDeadline(t *testing.T) {
	s := onStage(t)
	for range 6 {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		err := s.client.BLPop(ctx, 0, "queue").Err()
		cancel()
		if err == nil {
			t.Fatal("something was there")
		}
	}
	if h := s.health(); h.State == guard.Unhealthy || h.Failures != 0 {
		t.Errorf("it is %s with %d failures", h.State, h.Failures)
	}
}

func TestPolicysTimeoutDoesNotCutABlockingCommand(t *testing.T) {
	policy := quick
	policy.Timeout = 50 * time.Millisecond
	s := onStage(t, Policy(policy))
	begun := time.Now()
	if err := s.client.BLPop(t.Context(), time.Second, "queue").Err(); err != redis.Nil || time.Since(begun) < 900*time.Millisecond {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
	if err := s.client.XRead(t.Context(), &redis.XReadArgs{Streams: []string{"s", "$"}, Block: 200 * time.Millisecond}).Err(); err != redis.Nil {
		t.Error(err)
	}
	s.fault(faultproxy.Fault{BlackHole: true})
	begun = time.Now()
	if err := s.client.Get(t.Context(), "k").Err(); err == nil || time.Since(begun) > 150*time.Millisecond {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

// held is a policy by which what failed stays suspect.
func held() Option {
	policy := quick
	policy.Hold = time.Minute
	return Policy(policy)
}

func TestDestructiveCommandsAskTheGateAboutTheirKeys(t *testing.T) {
	s := onStage(t, held())
	ctx := guard.NewScope(t.Context())
	if err := s.client.Del(ctx, "k").Err(); err != nil {
		t.Fatal(err)
	}
	s.fault(faultproxy.Fault{BlackHole: true})
	_ = s.client.HSet(t.Context(), "session:42", "seen", "now").Err()
	s.heal()
	before := s.sent.commands.Load()
	for name, send := range map[string]func() redis.Cmder{
		"del":     func() redis.Cmder { return s.client.Del(ctx, "k", "session:42") },
		"do":      func() redis.Cmder { return s.client.Do(ctx, []byte("Unlink"), []byte("session:42")) },
		"xgroup":  func() redis.Cmder { return s.client.XGroupDestroy(ctx, "session:42", "g") },
		"expires": func() redis.Cmder { return s.client.Expire(ctx, "session:42", -time.Second) },
	} {
		cmd := send()
		if !errors.Is(cmd.Err(), guard.ErrDestructiveDenied) || !strings.Contains(cmd.String(), "session:42") {
			t.Errorf("%s: %s", name, cmd)
		}
		wantDenied(t, cmd.Err(), guard.ReasonKey)
	}
	if s.sent.commands.Load() != before {
		t.Error("one was sent")
	}
	if err := s.client.HGet(ctx, "session:42", "seen").Err(); err != redis.Nil {
		t.Errorf("a read: %v", err)
	}
	wantDenied(t, s.client.Del(ctx, "session:42").Err(), guard.ReasonKey) // a read clears nothing
	if err := s.client.HSet(ctx, "session:42", "seen", "now").Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.client.Del(ctx, "session:42").Err(); err != nil {
		t.Errorf("after the heartbeat was written: %v", err)
	}
}

func TestPipelineWithADeniedCommandIsNotSent(t *testing.T) {
	s := onStage(t, held())
	s.fault(faultproxy.Fault{BlackHole: true})
	scope := guard.NewScope(t.Context())
	_ = s.client.Get(scope, "k").Err()
	s.heal()
	for _, first := range []bool{true, false} {
		before := s.sent.pipelines.Load()
		var set *redis.StatusCmd
		cmds, err := s.client.TxPipelined(scope, func(pipe redis.Pipeliner) error {
			if first {
				pipe.Del(scope, "a")
			}
			set = pipe.Set(scope, "b", "v", 0)
			pipe.Unlink(scope, "c")
			return nil
		})
		wantDenied(t, err, guard.ReasonScope)
		wantDenied(t, set.Err(), guard.ReasonScope)
		if s.sent.pipelines.Load() != before || len(cmds) == 0 {
			t.Error("it was sent")
		}
	}
}

func TestServerTierHasABudgetAndRemovalsHaveNone(t *testing.T) {
	s := onStage(t)
	ctx := guard.NewScope(t.Context())
	for range 30 {
		if err := s.client.Del(ctx, "k").Err(); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	for range 11 {
		err = s.client.ScriptFlush(ctx).Err()
	}
	wantDenied(t, err, guard.ReasonBudget)
}

func TestTiersAreChosen(t *testing.T) {
	tainted := func(options ...Option) (*stage, context.Context) {
		s := onStage(t, append(options, held())...)
		scope := guard.NewScope(t.Context())
		s.fault(faultproxy.Fault{BlackHole: true})
		_ = s.client.Get(scope, "k").Err()
		s.heal()
		return s, scope
	}
	s, scope := tainted(Gate(Consuming), Harmless("lpop"), Destructive(Command{Name: "echo"}))
	for name, c := range map[string]struct {
		err    error
		denied bool
	}{
		"removal, left out":  {s.client.Del(scope, "k").Err(), false},
		"consuming, chosen":  {s.client.SPop(scope, "k").Err(), true},
		"named harmless":     {s.client.LPop(scope, "k").Err(), false},
		"named destructive":  {s.client.Echo(scope, "k").Err(), true},
		"never in the table": {s.client.Get(scope, "k").Err(), false},
	} {
		if errors.Is(c.err, guard.ErrDestructiveDenied) != c.denied {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func TestBelowAWrapperTheGuardCountsNothingTwice(t *testing.T) {
	s := onStage(t, held())
	policy := quick
	policy.Hold, policy.Classify = time.Minute, Classify
	spec := guard.Spec{Interface: "test.Redis", Dependency: "redis", Policy: policy, Methods: []guard.MethodSpec{
		{Name: "Get"}, {Name: "Drop", Class: guard.Destructive, Budget: guard.NoBudget},
	}}
	wrapper, err := guard.NewWrapper(s.registry, spec, s.client, nil)
	if err != nil {
		t.Fatal(err)
	}
	get, drop := wrapper.Method("Get"), wrapper.Method("Drop")
	through := func(m *guard.Method, ctx context.Context, send func(context.Context) error) error {
		attempt := guard.Attempt{}
		if m == drop {
			attempt = m.Ask(ctx)
		} else {
			attempt = m.Begin(ctx)
		}
		var err error
		if attempt.Admitted() {
			if err = send(attempt.Context(ctx)); attempt.Succeeded(err) {
				return nil
			}
		}
		return attempt.Settle(ctx, err)
	}
	for i := range 15 { // the budget of FLUSHDB is 10 a minute
		err := through(drop, t.Context(), func(ctx context.Context) error { return s.client.FlushDB(ctx).Err() })
		if err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	s.fault(faultproxy.Fault{BlackHole: true})
	pipelined := func(ctx context.Context) error { _, err := s.client.Pipelined(ctx, twoGets(ctx)); return err }
	for i := range 4 {
		_ = through(get, t.Context(), []func(context.Context) error{
			func(ctx context.Context) error { return s.client.Get(ctx, "k").Err() }, pipelined,
		}[i%2])
		if s.health().Failures != i+1 {
			t.Fatalf("%d failures after %d calls", s.health().Failures, i+1)
		}
	}
	s.heal()
	scope := guard.NewScope(t.Context())
	s.fault(faultproxy.Fault{BlackHole: true})
	_ = s.client.Get(scope, "k").Err()
	s.heal()
	err = through(get, scope, func(ctx context.Context) error { return s.client.Del(ctx, "k").Err() })
	wantDenied(t, err, guard.ReasonScope) // the wrapper knows nothing of the DEL, the gate does
	err = through(get, scope, func(ctx context.Context) error {
		_, err := s.client.Pipelined(ctx, func(pipe redis.Pipeliner) error { pipe.Del(ctx, "k"); return nil })
		return err
	})
	wantDenied(t, err, guard.ReasonScope)
}

func TestCommandThatOutlastsItsWrappersCallIsCounted(t *testing.T) {
	s := onStage(t)
	policy := quick
	policy.Classify = Classify
	spec := guard.Spec{Interface: "test.Redis", Dependency: "redis", Policy: policy, Methods: []guard.MethodSpec{{Name: "Get"}}}
	wrapper, err := guard.NewWrapper(s.registry, spec, s.client, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.fault(faultproxy.Fault{BlackHole: true})
	for _, send := range []func(ctx context.Context) error{
		func(ctx context.Context) error { return s.client.Get(ctx, "k").Err() },
		func(ctx context.Context) error { _, err := s.client.Pipelined(ctx, twoGets(ctx)); return err },
	} {
		attempt := wrapper.Method("Get").Begin(t.Context())
		ctx, sent := attempt.Context(t.Context()), make(chan error)
		begun := s.sent.commands.Load() + s.sent.pipelines.Load()
		go func() { sent <- send(ctx) }()
		for s.sent.commands.Load()+s.sent.pipelines.Load() == begun {
			runtime.Gosched()
		}
		if err := attempt.Settle(t.Context(), nil); err != nil { // as if it had gone well
			t.Fatal(err)
		}
		if err := <-sent; err == nil || s.health().Failures != 1 { // the success before it is the last of its kind
			t.Errorf("%v: %d failures", err, s.health().Failures)
		}
	}
}

func TestPanicOfACommandHoldsNothing(t *testing.T) {
	s := onStage(t)
	for range 3 {
		func() {
			defer func() { _ = recover() }()
			s.client.JSONDebugMemory(t.Context(), "k", "$")
		}()
	}
	if err := s.client.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Error(err)
	}
}

// sendsMore is a hook of a program that sends a DEL with each GET.
type sendsMore struct {
	counter

	client *redis.Client
	err    error
}

func (h *sendsMore) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "get" {
			h.err = h.client.Del(ctx, "k").Err()
		}
		return next(ctx, cmd)
	}
}

func TestHarmlessCommandCoversNoDestructiveOneWithin(t *testing.T) {
	s := onStage(t, held())
	more := &sendsMore{client: s.client}
	s.client.AddHook(more)
	scope := guard.NewScope(t.Context())
	s.fault(faultproxy.Fault{BlackHole: true})
	_ = s.client.Set(scope, "k", "v", 0).Err()
	s.heal()
	_ = s.client.Get(scope, "k").Err()
	wantDenied(t, more.err, guard.ReasonScope)
}

// TestConnectionGoesBackWithoutWatchedKeys: else the transaction of whoever gets it next fails.
func TestConnectionGoesBackWithoutWatchedKeys(t *testing.T) {
	s := onStage(t)
	isolated := errors.New("isolated meanwhile")
	err := s.client.Watch(t.Context(), func(*redis.Tx) error {
		if err := s.registry.Isolate("redis", "a test"); err != nil {
			t.Fatal(err)
		}
		return isolated
	}, "watched")
	if err != isolated {
		t.Fatal(err)
	}
	if err := s.registry.Restore("redis"); err != nil {
		t.Fatal(err)
	}
	s.wait()
	if err := s.server.Direct.Set(t.Context(), "watched", "changed", 0).Err(); err != nil {
		t.Fatal(err)
	}
	err = s.client.Watch(t.Context(), func(tx *redis.Tx) error { // on the same connection
		_, err := tx.TxPipelined(t.Context(), func(p redis.Pipeliner) error { return p.Set(t.Context(), "other", "v", 0).Err() })
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestKeyNamesThatPanicsDeniesAndHidesNoFailure(t *testing.T) {
	s := onStage(t, held(), KeyNames(func(string) []string { panic("no such form") }))
	wantDenied(t, s.client.Del(t.Context(), "k").Err(), guard.ReasonKey)
	s.breaks(faultproxy.Fault{BlackHole: true})
}
