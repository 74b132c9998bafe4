package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Where Redis answers, and wrong, or not at all.

// untrusted are the reasons of a fault that the breaker does not see: the probe's write does.
var untrusted = []guard.Reason{guard.ReasonRecovering, guard.ReasonHold}

// given are the reasons that an answer must not give: those of a fault.
var given = []guard.Reason{
	guard.ReasonUnhealthy, guard.ReasonScope, guard.ReasonKey, guard.ReasonQuiet, guard.ReasonRecovering, guard.ReasonHold, guard.ReasonUnproven,
}

var redisAnswerRows = []row{
	{
		fault: "LOADING: a restart reads a large snapshot", hits: ofRedis, expect: opened,
		strike: func(s *stage) (func() error, error) {
			ctx := context.Background()
			filler := s.redis.Direct.Pipeline()
			for i := range 400 { // each larger than what is read between two looks at the clients
				filler.Set(ctx, fmt.Sprintf("filler:%d", i), noise(1500), 0)
			}
			if _, err := filler.Exec(ctx); err != nil {
				return nil, err
			}
			return func() error { return s.config("key-load-delay", "0") }, s.restart(
				"--rdbcompression", "no", "--loading-process-events-interval-bytes", "1024", "--key-load-delay", "40000")
		},
	},
	{
		// go-redis closes a connection that says so and dials again, which on a slow machine opens the breaker, too.
		fault: "READONLY: demoted to a replica", hits: ofRedis, fast: true, expect: untrusted,
		strike: demoted("yes", "yes"),
	},
	{fault: "MASTERDOWN: a replica without its master", hits: ofRedis, expect: opened, strike: demoted("yes", "no")},
	{
		fault: "OOM: maxmemory, noeviction", hits: ofRedis, expect: untrusted, exclude: opened,
		strike: configured([]string{"maxmemory", "1"}, []string{"maxmemory", "0"}),
	},
	{
		fault: "NOREPLICAS: too few for a write", hits: ofRedis, expect: untrusted, exclude: opened,
		strike: configured([]string{"min-replicas-to-write", "1"}, []string{"min-replicas-to-write", "0"}),
	},
	{
		fault: "MISCONF: the last snapshot failed", hits: ofRedis, arguments: []string{"--dbfilename", "in-the-way"}, expect: untrusted, exclude: opened,
		strike: func(s *stage) (func() error, error) {
			if err := os.Mkdir(filepath.Join(s.dir, "in-the-way"), 0o700); err != nil {
				return nil, err
			}
			if err := s.config("save", "3600 1000000", "stop-writes-on-bgsave-error", "yes"); err != nil {
				return nil, err
			}
			s.redis.Direct.BgSave(context.Background())
			return func() error { return s.config("stop-writes-on-bgsave-error", "no") }, nil
		},
	},
	{
		fault: "NOAUTH: the password was changed", hits: ofRedis, expect: opened,
		strike: locked([]any{"config", "set", "requirepass", "secret"}, []any{"config", "set", "requirepass", ""}),
	},
	{
		fault: "maxclients reached", hits: ofRedis, expect: opened,
		strike: locked([]any{"config", "set", "maxclients", "1"}, []any{"config", "set", "maxclients", "10000"}),
	},
	{
		fault: "NOPERM for what users do", hits: ofRedis, ajar: true, answers: true, expect: marked, exclude: opened,
		strike: func(s *stage) (func() error, error) {
			return func() error { return s.permit("+xadd") }, s.permit("-xadd")
		},
	},
	{
		fault: "WRONGTYPE for what users do", hits: ofRedis, ajar: true, answers: true, harmless: "an answer, not a fault", exclude: given,
		strike: func(s *stage) (func() error, error) {
			keys, err := s.redis.Direct.Keys(context.Background(), "*:topic:*").Result()
			if err != nil {
				return nil, err
			}
			pipeline := s.redis.Direct.Pipeline()
			for _, key := range keys {
				pipeline.Set(context.Background(), key, "no stream", 0)
			}
			_, err = pipeline.Exec(context.Background())
			return func() error { return s.redis.Direct.Del(context.Background(), keys...).Err() }, err
		},
	},
	{
		fault: "CLIENT PAUSE ALL", hits: ofRedis, expect: opened,
		strike: func(s *stage) (func() error, error) {
			return s.answers, s.redis.Direct.Do(context.Background(), "client", "pause", outage.Milliseconds(), "all").Err()
		},
	},
	{
		fault: "CLIENT PAUSE WRITE: reads and PING go on", hits: ofRedis, fast: true, expect: append(untrusted, opened...),
		strike: func(s *stage) (func() error, error) {
			return func() error { return s.redis.Direct.Do(context.Background(), "client", "unpause").Err() },
				s.redis.Direct.Do(context.Background(), "client", "pause", time.Hour.Milliseconds(), "write").Err()
		},
	},
	{
		fault: "DEBUG SLEEP", hits: ofRedis, expect: opened, arguments: []string{"--enable-debug-command", "yes"},
		strike: func(s *stage) (func() error, error) { return background(s, "debug", "sleep", outage.Seconds()), nil },
	},
	{
		fault: "BUSY: a script that does not end", hits: ofRedis, expect: opened,
		strike: func(s *stage) (func() error, error) {
			if err := s.config("lua-time-limit", "50"); err != nil {
				return nil, err
			}
			if err := syscall.Setpriority(syscall.PRIO_PROCESS, s.redis.Pid(), 19); err != nil { // it burns a processor
				return nil, err
			}
			killed := background(s, "eval", "while true do end", "0")
			return func() error {
				err := persist(func() error { return s.redis.Direct.ScriptKill(context.Background()).Err() })
				killed()
				return err
			}, nil
		},
	},
	{
		fault: "SIGSTOP of redis-server", hits: ofRedis, fast: true, expect: opened,
		strike: func(s *stage) (func() error, error) { return s.redis.Thaw, s.redis.Freeze() },
	},
}

// restart kills Redis and starts it with arguments, from the snapshot that is made before.
func (s *stage) restart(arguments ...string) error {
	if err := s.redis.Direct.Save(context.Background()).Err(); err != nil {
		return err
	}
	if err := s.redis.Kill(); err != nil {
		return err
	}
	return s.redis.Start(arguments...)
}

// permit changes what a user of Redis without a name may do.
func (s *stage) permit(rule string) error {
	return s.redis.Direct.Do(context.Background(), "acl", "setuser", "default", rule).Err()
}

// demoted makes Redis a replica of a master that nobody sees, which answers writes, and what else it will not do, with an
// error.
func demoted(readOnly, serveStale string) strike {
	return func(s *stage) (func() error, error) {
		if err := s.config("replica-read-only", readOnly, "replica-serve-stale-data", serveStale); err != nil {
			return nil, err
		}
		ctx := context.Background()
		return func() error { return s.redis.Direct.SlaveOf(ctx, "NO", "ONE").Err() },
			s.redis.Direct.SlaveOf(ctx, "127.0.0.1", "1").Err() // nobody listens there
	}
}

// locked has a command run on a connection that stays, closes all others, and has another command run in the end.
func locked(lock, unlock []any) strike {
	return func(s *stage) (func() error, error) {
		conn, end := s.conn()
		ctx := context.Background()
		err := conn.Do(ctx, lock...).Err()
		if err == nil {
			err = conn.Do(ctx, "client", "kill", "type", "normal", "skipme", "yes").Err()
		}
		return func() error {
			defer end()
			return conn.Do(ctx, unlock...).Err()
		}, err
	}
}
