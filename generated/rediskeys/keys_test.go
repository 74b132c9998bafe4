package rediskeys_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/guardgen/guardgen/generated/rediskeys"
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake answers every command, with err if it is set.
type fake struct{ err error }

func (f *fake) Ping(context.Context) *redis.StatusCmd { return redis.NewStatusResult("PONG", f.err) }
func (f *fake) Get(context.Context, string) *redis.StringCmd {
	return redis.NewStringResult("value", f.err)
}
func (f *fake) Set(context.Context, string, any, time.Duration) *redis.StatusCmd {
	return redis.NewStatusResult("OK", f.err)
}
func (f *fake) SetNX(context.Context, string, any, time.Duration) *redis.BoolCmd {
	return redis.NewBoolResult(true, f.err)
}
func (f *fake) Incr(context.Context, string) *redis.IntCmd      { return redis.NewIntResult(1, f.err) }
func (f *fake) Exists(context.Context, ...string) *redis.IntCmd { return redis.NewIntResult(2, f.err) }
func (f *fake) TTL(context.Context, string) *redis.DurationCmd {
	return redis.NewDurationResult(time.Second, f.err)
}
func (f *fake) Expire(context.Context, string, time.Duration) *redis.BoolCmd {
	return redis.NewBoolResult(true, f.err)
}
func (f *fake) MGet(context.Context, ...string) *redis.SliceCmd {
	return redis.NewSliceResult([]any{"a"}, f.err)
}
func (f *fake) Del(context.Context, ...string) *redis.IntCmd    { return redis.NewIntResult(3, f.err) }
func (f *fake) Unlink(context.Context, ...string) *redis.IntCmd { return redis.NewIntResult(4, f.err) }

func TestWrapperConforms(t *testing.T) {
	wrap := func(r *guard.HealthRegistry, next rediskeys.Keys) (rediskeys.Keys, error) {
		return rediskeys.NewGuardedKeys(r, next)
	}
	guardtest.Conform(t, rediskeys.Keys(&fake{}), wrap, guardtest.Arguments("Expire", "key", time.Minute))
	guardtest.Conform(t, rediskeys.Keys(&fake{err: redis.Nil}), wrap, guardtest.Arguments("Expire", "key", time.Minute))
}

func TestExpireIsDestructiveOnlyIfItDeletes(t *testing.T) {
	r := guardtest.NewRegistry(t)
	client := &fake{}
	keys, err := rediskeys.NewGuardedKeys(r, client)
	if err != nil {
		t.Fatal(err)
	}
	scope := guard.NewScope(t.Context())
	client.err = io.EOF
	if err := keys.Get(scope, "session").Err(); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	client.err = nil
	if err := keys.Expire(scope, "session", time.Minute).Err(); err != nil {
		t.Errorf("prolonging: %v", err)
	}
	if err := keys.Expire(scope, "session", 0).Err(); !errors.Is(err, guard.ErrDestructiveDenied) {
		t.Errorf("deleting: %v", err)
	}
	if err := keys.Del(scope, "other", "session").Err(); !errors.Is(err, guard.ErrDestructiveDenied) {
		t.Errorf("deleting: %v", err)
	}
}

// reply is an error as the server sends it.
type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

func TestClassifyTellsAnswersFromFailures(t *testing.T) {
	for want, errs := range map[guard.Outcome][]error{
		guard.OutcomeSuccess: {
			nil, redis.Nil, redis.TxFailedErr, reply("WRONGTYPE Operation against a key"), reply("ERR syntax error"),
		},
		guard.OutcomeFailure: {
			io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded, reply("LOADING Redis is loading the dataset in memory"),
			reply("CLUSTERDOWN The cluster is down"), reply("MASTERDOWN Link with MASTER is down"), reply("TRYAGAIN Multiple keys"),
			reply("NOAUTH Authentication required."), reply("BUSY Redis is busy running a script"),
			reply("ERR max number of clients reached"),
		},
		guard.OutcomeDegraded: {
			reply("READONLY You can't write against a read only replica."), reply("OOM command not allowed when used memory > 'maxmemory'."),
			reply("NOREPLICAS Not enough good replicas to write."), reply("MISCONF Redis is configured to save RDB snapshots"),
			reply("NOPERM no permission"), redis.ErrPoolTimeout,
		},
		guard.OutcomeIgnored: {redis.ErrClosed},
	} {
		for _, err := range errs {
			if got := rediskeys.Classify(t.Context(), err); got != want {
				t.Errorf("Classify(%v) = %d, want %d", err, got, want)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := rediskeys.Classify(ctx, io.EOF); got != guard.OutcomeIgnored {
		t.Errorf("a cancelled call: %d", got)
	}
}
