//go:build unix

package goredis

import (
	"context"
	"errors"
	"io"
	"testing"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

// batch queues commands of a pipeline.
type batch func(context.Context, redis.Pipeliner)

// judged is what worst says of a pipeline, as a hook would ask it.
type judged struct {
	own     error // the pipeline's
	outcome guard.Outcome
	cause   error
}

// judge is a hook that asks worst about each pipeline.
type judge struct {
	redis.Hook
	judged
}

func (j *judge) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (j *judge) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }
func (j *judge) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		j.own = err
		j.outcome, j.cause = worst(cmds, err, func(err error) guard.Outcome { return Classify(ctx, err) })
		return err
	}
}

func TestAPipelineIsJudgedByAllItsCommands(t *testing.T) {
	server := startRedis(t)
	proxy, err := faultproxy.Start("tcp", "127.0.0.1:0", server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { proxy.Close() })
	s := &scene{T: t, server: server, proxy: proxy}
	client := s.warm()
	var j judge
	client.AddHook(&j)

	fine := func(ctx context.Context, p redis.Pipeliner) { p.Set(ctx, "text", "v", 0) }
	missing := func(ctx context.Context, p redis.Pipeliner) { p.Get(ctx, "nothing") }
	wrong := func(ctx context.Context, p redis.Pipeliner) { p.LPush(ctx, "text", "v") }
	nonsense := func(ctx context.Context, p redis.Pipeliner) { p.Do(ctx, "nonsense") }
	write := func(ctx context.Context, p redis.Pipeliner) { p.Append(ctx, "text", "v") }
	raw := func(ctx context.Context, p redis.Pipeliner) { p.Do(ctx, "append", "text", "v") }
	forbidden := func(ctx context.Context, p redis.Pipeliner) { p.FlushAll(ctx) }
	multi := func(ctx context.Context, p redis.Pipeliner) { p.Do(ctx, "multi") }
	exec := func(ctx context.Context, p redis.Pipeliner) { p.Do(ctx, "exec") }

	full := func() func() {
		s.do("config", "set", "maxmemory", "1")
		return func() { s.do("config", "set", "maxmemory", "0") }
	}
	orphan := func() func() {
		s.do("replicaof", "127.0.0.1", "1")
		return func() { s.do("replicaof", "no", "one") }
	}
	deny := func() func() {
		s.do("acl", "setuser", "default", "-flushall")
		return func() { s.do("acl", "setuser", "default", "+flushall") }
	}
	healthy := func() func() { return func() {} }

	s.do("set", "text", "v")
	for _, row := range []struct {
		name  string
		state func() func()
		tx    bool
		batch []batch
		own   func(error) bool // what the pipeline itself says
		want  guard.Outcome
		cause func(error) bool
	}{
		{"all is well", healthy, false, []batch{fine, write}, is(nil), success, is(nil)},
		{"a key is missing", healthy, false, []batch{fine, missing, write}, is(redis.Nil), success, is(redis.Nil)},
		{"a key is missing, and memory is full", full, false, []batch{missing, write}, is(redis.Nil), degraded, redis.IsOOMError},
		{"memory is full", full, true, []batch{write, write}, redis.IsExecAbortError, degraded, redis.IsOOMError},
		{"the master is down", orphan, true, []batch{missing, write}, redis.IsExecAbortError, failure, redis.IsMasterDownError},
		{"a command is none", healthy, true, []batch{write, nonsense}, redis.IsExecAbortError, success, prefix("unknown command")},
		{"a command is none, in a transaction by hand", healthy, false, []batch{missing, multi, nonsense, raw, exec}, is(redis.Nil), success, is(redis.Nil)},
		{"memory is full, in a transaction by hand", full, false, []batch{missing, multi, raw, exec}, is(redis.Nil), degraded, redis.IsOOMError},
		{"a command is forbidden", deny, true, []batch{write, forbidden}, redis.IsExecAbortError, degraded, redis.IsPermissionError},
		{"a command fails when it is executed", healthy, true, []batch{write, wrong}, prefix("WRONGTYPE "), success, prefix("WRONGTYPE ")},
	} {
		t.Run(row.name, func(t *testing.T) {
			defer row.state()()
			run := client.Pipelined
			if row.tx {
				run = client.TxPipelined
			}
			run(t.Context(), func(p redis.Pipeliner) error {
				for _, add := range row.batch {
					add(t.Context(), p)
				}
				return nil
			})
			t.Logf("%s: %v, because of %v", verdicts[j.outcome], j.own, j.cause)
			if !row.own(j.own) {
				t.Errorf("the pipeline says %v", j.own)
			}
			if j.outcome != row.want || !row.cause(j.cause) {
				t.Errorf("%s because of %v, want %s", verdicts[j.outcome], j.cause, verdicts[row.want])
			}
		})
	}

	t.Run("the connection ends in the middle", func(t *testing.T) {
		s.strike(faultproxy.Fault{Answer: "$-1\r\n+OK\r\n$10\r\nabc", HangUp: 1})
		client.Pipelined(t.Context(), func(p redis.Pipeliner) error {
			missing(t.Context(), p)
			raw(t.Context(), p)
			missing(t.Context(), p)
			return nil
		})
		if j.outcome != failure || !errors.Is(j.cause, io.ErrUnexpectedEOF) {
			t.Errorf("%v is a %s because of %v", j.own, verdicts[j.outcome], j.cause)
		}
	})
}

func TestWorstOfErrorsWithoutAServer(t *testing.T) {
	abort := redis.NewCmd(t.Context(), "exec")
	abort.SetErr(execAbort)
	missing := redis.NewCmd(t.Context(), "get", "key")
	missing.SetErr(redis.Nil)
	unsent := redis.NewCmd(t.Context(), "set", "key", struct{}{})
	unsent.SetErr(errors.New("redis: can't marshal struct {}"))
	lost := redis.NewCmd(t.Context(), "get", "key")
	lost.SetErr(io.EOF)
	fine := redis.NewCmd(t.Context(), "get", "key")
	for _, row := range []struct {
		name  string
		cmds  []redis.Cmder
		err   error
		want  guard.Outcome
		cause error
	}{
		{"nothing", nil, nil, success, nil},
		{"fine", []redis.Cmder{fine}, nil, success, nil},
		{"refused before anything was sent", []redis.Cmder{fine}, guard.ErrUnhealthy, ignored, guard.ErrUnhealthy},
		{"the pipeline's own", []redis.Cmder{fine, missing}, io.EOF, failure, io.EOF},
		{"a transaction, and nobody knows why", []redis.Cmder{missing, abort}, redis.Nil, degraded, execAbort},
		{"ignored weighs more than an answer", []redis.Cmder{missing, unsent}, redis.Nil, ignored, unsent.Err()},
		{"failed weighs more than all", []redis.Cmder{missing, unsent, abort, lost}, redis.Nil, failure, io.EOF},
	} {
		got, cause := worst(row.cmds, row.err, func(err error) guard.Outcome { return Classify(t.Context(), err) })
		if got != row.want || cause != row.cause {
			t.Errorf("%s: %s because of %v, want %s because of %v", row.name, verdicts[got], cause, verdicts[row.want], row.cause)
		}
	}
}

// execAbort is what a server says when it does not execute a transaction.
var execAbort error = said("EXECABORT Transaction discarded because of previous errors.")

type said string

func (r said) Error() string { return string(r) }
func (r said) RedisError()   {}

func TestWorstCostsNoAllocation(t *testing.T) {
	cmds := make([]redis.Cmder, 100)
	for i := range cmds {
		cmds[i] = redis.NewCmd(t.Context(), "get", "key")
		if i%2 == 0 {
			cmds[i].SetErr(redis.Nil)
		}
	}
	classify := func(err error) guard.Outcome { return Classify(t.Context(), err) }
	if n := testing.AllocsPerRun(20, func() {
		worst(cmds, redis.Nil, classify)
	}); n != 0 {
		t.Errorf("100 commands cost %v allocations", n)
	}
}
