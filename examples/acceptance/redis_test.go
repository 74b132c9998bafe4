//go:build integration

package acceptance

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guardgen/guardgen/internal/redisserver"
)

// patience bounds every wait for something that must happen.
const patience = time.Minute

// pollEvery is the pause between two looks at a process that says nothing by itself.
const pollEvery = 10 * time.Millisecond

// redisServer is a redis-server process of one test. It keeps nothing on disk.
type redisServer struct{ *redisserver.Server }

// startRedis starts a redis-server on a free port of the loopback interface. It ends with the test.
func startRedis(t testing.TB) *redisServer {
	t.Helper()
	server, err := redisserver.Start(t.TempDir())
	must(t, err)
	t.Cleanup(func() { server.Close() })
	return &redisServer{server}
}

// refuse makes the server answer every command with MASTERDOWN, the probe's too: a replica that lost its master.
func (s *redisServer) refuse() error {
	return s.Direct.SlaveOf(context.Background(), "127.0.0.1", "1").Err() // nobody listens there
}

// serve ends refuse.
func (s *redisServer) serve() error { return s.Direct.SlaveOf(context.Background(), "NO", "ONE").Err() }

// pauseWrites lets the server answer what reads, PING too, and hold back what writes.
func (s *redisServer) pauseWrites() error {
	return s.Direct.Do(context.Background(), "client", "pause", time.Hour.Milliseconds(), "write").Err()
}

// resumeWrites ends pauseWrites.
func (s *redisServer) resumeWrites() error {
	return s.Direct.Do(context.Background(), "client", "unpause").Err()
}

// seen returns how many commands of that name have reached the server since it started, refused ones too.
func (s *redisServer) seen(t testing.TB, command string) (count int) {
	t.Helper()
	stats, err := s.Direct.Info(context.Background(), "commandstats").Result()
	must(t, err)
	for line := range strings.Lines(stats) {
		fields, ours := strings.CutPrefix(strings.TrimSpace(line), "cmdstat_"+command+":")
		if !ours {
			continue
		}
		for field := range strings.SplitSeq(fields, ",") {
			if name, value, _ := strings.Cut(field, "="); name == "calls" || name == "rejected_calls" {
				n, err := strconv.Atoi(value)
				must(t, err)
				count += n
			}
		}
	}
	return count
}
