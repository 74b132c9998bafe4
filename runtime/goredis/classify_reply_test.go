//go:build unix

package goredis

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

func TestClassifyWhatTheServerSays(t *testing.T) {
	play(t, []row{
		{"no such key", success, is(redis.Nil), func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client())
		}},
		{"nothing came to a blocking command in its time", success, is(redis.Nil), func(s *scene) (context.Context, error) {
			return s.Context(), s.client().Do(s.Context(), "blpop", "queue", 0.01).Err()
		}},
		{"a watched key has changed", success, is(redis.TxFailedErr), func(s *scene) (context.Context, error) {
			return s.Context(), s.client().Watch(s.Context(), func(tx *redis.Tx) error {
				s.do("incr", "watched")
				_, err := tx.TxPipelined(s.Context(), func(p redis.Pipeliner) error { return p.Incr(s.Context(), "watched").Err() })
				return err
			}, "watched")
		}},
		{"WRONGTYPE", success, prefix("WRONGTYPE "), func(s *scene) (context.Context, error) {
			s.do("set", "text", "v")
			return s.Context(), s.client().LPush(s.Context(), "text", "v").Err()
		}},
		refused("ERR", success, "incr", "text"),
		refused("ERR unknown command", success, "nonsense"),
		refused("NOGROUP", success, "xreadgroup", "group", "g", "c", "streams", "nothing", ">"),
		{"BUSYGROUP", success, prefix("BUSYGROUP "), func(s *scene) (context.Context, error) {
			s.do("xgroup", "create", "stream", "g", "$", "mkstream")
			return s.Context(), s.client().XGroupCreate(s.Context(), "stream", "g", "$").Err()
		}},
		refused("NOSCRIPT", success, "evalsha", strings.Repeat("0", 40), 0),
		refused("a script fails", success, "eval", "error('by itself')", 0),
		refused("NOTBUSY", success, "script", "kill"),
		{"NOPERM", degraded, redis.IsPermissionError, func(s *scene) (context.Context, error) {
			s.do("acl", "setuser", "reader", "on", ">secret", "~*", "+@read", "+hello", "+ping")
			client := s.client(func(o *redis.Options) { o.Username, o.Password = "reader", "secret" })
			return s.Context(), client.Set(s.Context(), "key", "v", 0).Err()
		}},
		{"WRONGPASS", failure, redis.IsAuthError, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.Username, o.Password = "nobody", "wrong" }))
		}},
		{"NOAUTH", failure, redis.IsAuthError, func(s *scene) (context.Context, error) {
			s.do("config", "set", "requirepass", "secret")
			s.undo("config", "set", "requirepass", "")
			return get(s.Context(), s.client())
		}},
		{"as many clients as the server takes", failure, nil, func(s *scene) (context.Context, error) {
			s.do("config", "set", "maxclients", "1")
			s.undo("config", "set", "maxclients", "10000")
			return get(s.Context(), s.client())
		}},
		{"a database that is not there", degraded, prefix("DB index"), func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.DB = 99 }))
		}},
		{"OOM", degraded, redis.IsOOMError, func(s *scene) (context.Context, error) {
			s.do("config", "set", "maxmemory", "1")
			s.undo("config", "set", "maxmemory", "0")
			return s.Context(), s.client().Set(s.Context(), "key", "v", 0).Err()
		}},
		{"OOM, within a script", degraded, redis.IsOOMError, func(s *scene) (context.Context, error) {
			s.do("config", "set", "maxmemory", "1")
			s.undo("config", "set", "maxmemory", "0")
			return s.Context(), s.client().Eval(s.Context(), "return redis.call('set', 'key', 'v')", nil).Err()
		}},
		{"NOREPLICAS", degraded, redis.IsNoReplicasError, func(s *scene) (context.Context, error) {
			s.do("config", "set", "min-replicas-to-write", "1")
			s.undo("config", "set", "min-replicas-to-write", "0")
			return s.Context(), s.client().Set(s.Context(), "key", "v", 0).Err()
		}},
		{"MISCONF", degraded, prefix("MISCONF "), func(s *scene) (context.Context, error) {
			dir := s.server.Direct.ConfigGet(s.Context(), "dir").Val()["dir"]
			if err := os.Mkdir(filepath.Join(dir, "in-the-way"), 0o700); err != nil {
				s.Fatal(err)
			}
			s.do("config", "set", "save", "3600 1000000")
			s.undo("config", "set", "save", "")
			s.do("bgsave")
			s.until(func() bool { return s.info("persistence", "rdb_last_bgsave_status:err") })
			return s.Context(), s.client().Set(s.Context(), "key", "v", 0).Err()
		}},
		{"a pause of writes", failure, is(os.ErrDeadlineExceeded), func(s *scene) (context.Context, error) {
			client := s.warm()
			s.do("client", "pause", time.Hour.Milliseconds(), "write")
			s.undo("client", "unpause") // and then it is written after all
			return s.Context(), client.Set(s.Context(), "late", "v", 0).Err()
		}},
		{"a killed connection, idle", success, is(redis.Nil), func(s *scene) (context.Context, error) {
			client := s.warm(func(o *redis.Options) { o.Addr = s.server.Addr }) // else the proxy has not heard of it yet
			s.do("client", "kill", "type", "normal", "skipme", "yes")
			return get(s.Context(), client)
		}},
		{"BUSY", failure, prefix("BUSY "), func(s *scene) (context.Context, error) {
			s.do("config", "set", "busy-reply-threshold", "1")
			script := s.client(func(o *redis.Options) { o.ReadTimeout = time.Minute })
			s.background(func() { script.Eval(context.Background(), "while true do end", nil) })
			s.undo("script", "kill")
			client := s.client()
			s.until(func() bool { return client.Ping(s.Context()).Err() != nil })
			return get(s.Context(), client)
		}},
		{"IOERR", degraded, prefix("IOERR "), func(s *scene) (context.Context, error) {
			s.do("set", "wanderer", "v")
			return s.Context(), s.client().Migrate(s.Context(), "127.0.0.1", "1", "wanderer", 0, patience/4).Err()
		}},
		{"UNBLOCKED, as a replica", degraded, prefix("UNBLOCKED "), func(s *scene) (context.Context, error) {
			client := s.warm()
			var err error
			waiting := make(chan struct{})
			s.background(func() {
				defer close(waiting)
				err = client.BLPop(context.Background(), time.Minute, "queue").Err()
			})
			s.until(func() bool { return s.info("clients", "blocked_clients:1") })
			s.undo("replicaof", "no", "one")
			s.do("replicaof", "127.0.0.1", "1")
			<-waiting
			return s.Context(), err
		}},
		{"MASTERDOWN", failure, redis.IsMasterDownError, func(s *scene) (context.Context, error) {
			s.undo("replicaof", "no", "one")
			s.do("replicaof", "127.0.0.1", "1")
			return get(s.Context(), s.client())
		}},
		{"READONLY", degraded, redis.IsReadOnlyError, func(s *scene) (context.Context, error) {
			s.replica()
			return s.Context(), s.client().Set(s.Context(), "key", "v", 0).Err()
		}},
		{"READONLY, within a script", degraded, redis.IsReadOnlyError, func(s *scene) (context.Context, error) {
			s.replica()
			return s.Context(), s.client().Eval(s.Context(), "return redis.call('set', 'key', 'v')", nil).Err()
		}},
		{"EXECABORT alone", degraded, redis.IsExecAbortError, func(s *scene) (context.Context, error) {
			return s.Context(), s.client().Watch(s.Context(), func(tx *redis.Tx) error {
				tx.Do(s.Context(), "multi")
				tx.Do(s.Context(), "nonsense")
				return tx.Do(s.Context(), "exec").Err()
			}, "key")
		}},

		// What a real server says only in company, or from afar. The bytes are those of its source.
		answering("MOVED", success, "-MOVED 3999 127.0.0.1:6381\r\n", func(err error) bool { _, ok := redis.IsMovedError(err); return ok }),
		answering("ASK", success, "-ASK 3999 127.0.0.1:6381\r\n", func(err error) bool { _, ok := redis.IsAskError(err); return ok }),
		answering("TRYAGAIN", failure, "-TRYAGAIN Multiple keys request during rehashing of slot\r\n", redis.IsTryAgainError),
		answering("DENIED", failure, "-DENIED Redis is running in protected mode because protected mode is enabled\r\n", prefix("DENIED ")),
		answering("max number of clients, read in time", failure, "-ERR max number of clients reached\r\n", redis.IsMaxClientsError),
		answering("READONLY in a script of an old server", degraded,
			"-ERR Error running script (call to f_0): @user_script:1: -READONLY You can't write against a read only replica.\r\n", redis.IsReadOnlyError),
	}, "--dbfilename", "in-the-way")
}

func TestClassifyWhatAServerThatLoadsSays(t *testing.T) {
	server := startRedis(t)
	pipeline := server.Direct.Pipeline()
	for i := range 2000 {
		pipeline.Set(t.Context(), strings.Repeat("k", i+1), "value", 0)
	}
	if _, err := pipeline.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Direct.Save(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := server.Start("--rdbcompression", "no", "--loading-process-events-interval-bytes", "1024", "--key-load-delay", "10000"); err != nil {
		t.Fatal(err)
	}
	ctx, err := get(t.Context(), server.Direct)
	t.Logf("%s  %v", verdicts[Classify(ctx, err)], err)
	if !redis.IsLoadingError(err) || Classify(ctx, err) != failure {
		t.Errorf("want LOADING, and a failure")
	}
	_, err = server.Direct.TxPipelined(t.Context(), func(p redis.Pipeliner) error { return p.Set(t.Context(), "k", "v", 0).Err() })
	if !redis.IsExecAbortError(err) && !redis.IsLoadingError(err) {
		t.Errorf("a transaction: %v", err)
	}
}

func TestClassifyWhatAClusterSays(t *testing.T) {
	play(t, []row{
		{"CLUSTERDOWN", failure, redis.IsClusterDownError, func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client())
		}},
		{"CROSSSLOT", success, is(redis.ErrCrossSlot), func(s *scene) (context.Context, error) {
			s.do("cluster", "addslotsrange", 0, 16383)
			s.until(func() bool {
				state, _ := s.server.Direct.ClusterInfo(s.Context()).Result()
				return strings.Contains(state, "cluster_state:ok")
			})
			return s.Context(), s.client().MSet(s.Context(), "a", 1, "b", 2).Err()
		}},
		{"a database, in a cluster", degraded, prefix("SELECT is not allowed"), func(s *scene) (context.Context, error) {
			return get(s.Context(), s.client(func(o *redis.Options) { o.DB = 1 }))
		}},
	}, "--cluster-enabled", "yes")
}

func TestClassifyAServerThatIsKilledDuringACall(t *testing.T) {
	server := startRedis(t)
	w := onWrite{then: func() { server.Kill() }}
	client := newClient(t, &redis.Options{Addr: server.Addr, Dialer: w.dialer})
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	w.armed.Store(true)
	err := client.BLPop(t.Context(), time.Minute, "queue").Err()
	t.Logf("%s  %v", verdicts[Classify(t.Context(), err)], err)
	if err == nil || Classify(t.Context(), err) != failure {
		t.Error("want a failure")
	}
}

// refused is a row about a command, and what the server says to it: the row's name begins it.
func refused(name string, want guard.Outcome, args ...any) row {
	return row{name, want, nil, func(s *scene) (context.Context, error) {
		err := s.client().Do(s.Context(), args...).Err()
		if reply(err) == nil {
			s.Errorf("%v: %v is no reply", args, err)
		}
		return s.Context(), err
	}}
}

// prefix is the condition that a reply begins so.
func prefix(begin string) func(error) bool {
	return func(err error) bool { return redis.HasErrorPrefix(err, begin) }
}

// info reports whether the server says so of itself.
func (s *scene) info(section, line string) bool {
	text, _ := s.server.Direct.Info(s.Context(), section).Result()
	return strings.Contains(text, line)
}

// replica makes the server a replica that answers reads, as long as the row takes.
func (s *scene) replica() {
	s.Helper()
	s.undo("config", "set", "replica-serve-stale-data", "no", "replica-read-only", "no")
	s.undo("replicaof", "no", "one")
	s.do("config", "set", "replica-serve-stale-data", "yes", "replica-read-only", "yes")
	s.do("replicaof", "127.0.0.1", "1")
}
