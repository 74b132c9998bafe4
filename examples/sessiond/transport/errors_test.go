package transport_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/examples/sessiond/redistest"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
	guard "github.com/guardgen/guardgen/runtime"
)

func TestMain(m *testing.M) {
	redistest.Mute()
	os.Exit(m.Run())
}

func TestAnswersOfRedisAreClassified(t *testing.T) {
	for answer, want := range map[string]guard.Outcome{
		"WRONGTYPE Operation against a key holding the wrong kind of value": guard.OutcomeSuccess,
		"ERR unknown command":                                           guard.OutcomeSuccess,
		"LOADING Redis is loading the dataset in memory":                guard.OutcomeFailure,
		"MASTERDOWN Link with MASTER is down":                           guard.OutcomeFailure,
		"CLUSTERDOWN The cluster is down":                               guard.OutcomeFailure,
		"BUSY Redis is busy running a script":                           guard.OutcomeFailure,
		"NOAUTH Authentication required.":                               guard.OutcomeFailure,
		"ERR max number of clients reached":                             guard.OutcomeFailure,
		"NOPERM this user has no permissions to run the 'hset' command": guard.OutcomeDegraded,
		"READONLY You can't write against a read only replica.":         guard.OutcomeDegraded,
		"OOM command not allowed when used memory > 'maxmemory'.":       guard.OutcomeDegraded,
		"MISCONF Redis is configured to save RDB snapshots":             guard.OutcomeDegraded,
	} {
		t.Run(answer, func(t *testing.T) {
			server := miniredis.RunT(t)
			client := transport.NewRedis(transport.Config{Addr: server.Addr()})
			defer client.Close()
			if err := client.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
			server.SetError(answer)
			err := client.Beat(t.Context(), "s", time.Now())
			if got := transport.Classify(t.Context(), fmt.Errorf("beat: %w", err)); err == nil || got != want {
				t.Errorf("%v is %v, want %v", err, got, want)
			}
		})
	}
}

func TestOtherErrorsAreClassified(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	down := transport.NewRedis(transport.Config{Addr: "127.0.0.1:1"})
	refused := down.Ping(t.Context())
	closed := down.Close()
	if refused == nil || closed != nil {
		t.Fatalf("ping of a refused port: %v; close: %v", refused, closed)
	}
	for _, row := range []struct {
		name string
		ctx  context.Context
		err  error
		want guard.Outcome
	}{
		{"nothing", t.Context(), nil, guard.OutcomeSuccess},
		{"no such topic", t.Context(), transport.ErrNoTopic, guard.OutcomeSuccess},
		{"refused", t.Context(), refused, guard.OutcomeFailure},
		{"deadline", t.Context(), context.DeadlineExceeded, guard.OutcomeFailure},
		{"cancelled by the caller", cancelled, context.Canceled, guard.OutcomeIgnored},
		{"our pool is full", t.Context(), redis.ErrPoolTimeout, guard.OutcomeDegraded},
		{"our client is closed", t.Context(), down.Ping(t.Context()), guard.OutcomeIgnored},
		{"anything else", t.Context(), errors.New("?"), guard.OutcomeFailure},
	} {
		if got := transport.Classify(row.ctx, row.err); got != row.want {
			t.Errorf("%s: %v is %v, want %v", row.name, row.err, got, row.want)
		}
	}
}
