//go:build integration

package acceptance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// patience bounds every wait for something that must happen.
const patience = time.Minute

// pollEvery is the pause between two looks at a process that says nothing by itself.
const pollEvery = 10 * time.Millisecond

// redisServer is a redis-server process of one test. It keeps nothing on disk. Not safe for concurrent use, but for Addr.
type redisServer struct {
	Addr string // host:port; the same after a restart

	dir    string
	direct *redis.Client // past all proxies
	shell  *exec.Cmd     // the parent of redis-server: it kills the server when we are gone, however we went
	alive  io.Closer     // our end of the shell's input
	pid    int           // of redis-server; 0: not running
}

// underShell starts redis-server with the given arguments, says its pid, and kills it when the input ends.
const underShell = `trap '' INT TERM; redis-server "$@" >/dev/null 2>&1 & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null; wait`

// startRedis starts a redis-server on a free port of the loopback interface. It ends with the test.
func startRedis(t testing.TB) *redisServer {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not on the PATH: run scripts/prepare.sh, or `make test-integration`, which does")
	}
	s := &redisServer{dir: t.TempDir()}
	t.Cleanup(func() { s.kill() })
	for range 5 { // a free port may be somebody else's a moment later
		s.Addr = freePort(t)
		s.direct = redis.NewClient(&redis.Options{Addr: s.Addr, MaxRetries: -1, DialerRetries: 1})
		if s.start() == nil {
			t.Cleanup(func() { s.direct.Close() })
			return s
		}
		s.direct.Close()
		s.kill()
	}
	log, _ := os.ReadFile(filepath.Join(s.dir, "redis.log"))
	t.Fatalf("redis-server does not start:\n%s", log)
	return nil
}

// freePort finds a port below those that the system hands out by itself, so that a server can be restarted on it.
func freePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if err == nil {
			defer listener.Close()
			return listener.Addr().String()
		}
	}
	t.Fatal("no free port between 20000 and 32000")
	return ""
}

// start runs the process and waits until it answers.
func (s *redisServer) start() error {
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return err
	}
	s.shell = exec.Command("sh", "-c", underShell, "sh", "--bind", "127.0.0.1", "--port", port, "--dir", s.dir,
		"--logfile", "redis.log", "--save", "", "--appendonly", "no", "--replica-serve-stale-data", "no", "--replica-read-only", "no")
	stdin, err := s.shell.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := s.shell.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.shell.Start(); err != nil {
		return err
	}
	s.alive = stdin
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return err
	}
	if s.pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		return err
	}
	return s.answers()
}

// answers waits until the server, and not another on its port, answers.
func (s *redisServer) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		info, err := s.direct.Info(ctx, "server").Result()
		if err == nil {
			if strings.Contains(info, fmt.Sprintf("\nprocess_id:%d\r", s.pid)) {
				return nil
			}
			return fmt.Errorf("another server listens at %s", s.Addr)
		}
		if syscall.Kill(s.pid, 0) != nil {
			return fmt.Errorf("redis-server has ended: %w", err)
		}
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return err
		}
	}
}

// kill ends the process as kill -9 does, and waits until it is gone. Killing again does nothing.
func (s *redisServer) kill() error {
	if s.alive == nil {
		return nil
	}
	if s.pid != 0 {
		syscall.Kill(s.pid, syscall.SIGKILL)
	}
	s.alive.Close()
	s.alive, s.pid = nil, 0
	return s.shell.Wait()
}

// freeze stops the process where it stands: its port accepts, and nothing answers.
func (s *redisServer) freeze() error { return s.signal(syscall.SIGSTOP) }

// thaw lets the process go on, with all that was sent to it meanwhile.
func (s *redisServer) thaw() error { return s.signal(syscall.SIGCONT) }

// signal sends a signal to the process, and to nobody else.
func (s *redisServer) signal(which syscall.Signal) error {
	if s.pid == 0 {
		return errors.New("redis-server is not running")
	}
	return syscall.Kill(s.pid, which)
}

// refuse makes the server answer every command with MASTERDOWN, the probe's too: a replica that lost its master.
func (s *redisServer) refuse() error {
	return s.direct.SlaveOf(context.Background(), "127.0.0.1", "1").Err() // nobody listens there
}

// serve ends refuse.
func (s *redisServer) serve() error { return s.direct.SlaveOf(context.Background(), "NO", "ONE").Err() }

// pauseWrites lets the server answer what reads, PING too, and hold back what writes.
func (s *redisServer) pauseWrites() error {
	return s.direct.Do(context.Background(), "client", "pause", time.Hour.Milliseconds(), "write").Err()
}

// resumeWrites ends pauseWrites.
func (s *redisServer) resumeWrites() error {
	return s.direct.Do(context.Background(), "client", "unpause").Err()
}

// seen returns how many commands of that name have reached the server since it started, refused ones too.
func (s *redisServer) seen(t testing.TB, command string) (count int) {
	t.Helper()
	stats, err := s.direct.Info(context.Background(), "commandstats").Result()
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
