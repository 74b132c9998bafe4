//go:build unix

// Package redisserver runs redis-server processes for tests.
package redisserver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/process"
)

// patience bounds the wait for a server that starts; pollEvery is the pause between two looks at it.
const (
	patience  = time.Minute
	pollEvery = 10 * time.Millisecond
)

// Server is a redis-server process of our own, which ends with us, however we end. It saves nothing by itself. Not safe for
// concurrent use, but for Addr and Direct.
type Server struct {
	Addr   string        // host:port; the same after a restart
	Direct *redis.Client // past all proxies

	dir     string
	process *process.Process // nil: it does not run
}

// Start starts a redis-server on a free port of the loopback interface, which keeps its files in dir. Arguments are
// added to its command line. Close ends it.
func Start(dir string, arguments ...string) (*Server, error) {
	var failed error
	for range 5 { // a free port may be somebody else's a moment later
		addr, err := freePort()
		if err != nil {
			return nil, err
		}
		s := &Server{Addr: addr, dir: dir, Direct: redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, DialerRetries: 1})}
		if failed = s.Start(arguments...); failed == nil {
			return s, nil
		}
		s.Close()
	}
	log, _ := os.ReadFile(filepath.Join(dir, logFile))
	return nil, fmt.Errorf("redis-server does not start; if it is not on the PATH, run scripts/prepare.sh: %w\n%s", failed, log)
}

// logFile is where the server writes what it has to say.
const logFile = "redis.log"

// freePort finds a port below those that the system hands out by itself, so that a server can be restarted on it.
func freePort() (string, error) {
	for range 100 {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if err == nil {
			defer listener.Close()
			return listener.Addr().String(), nil
		}
	}
	return "", errors.New("no free port between 20000 and 32000")
}

// Start starts the server again after Kill, and waits until it answers, be it with a refusal. Arguments are added to its
// command line, this time.
func (s *Server) Start(arguments ...string) error {
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return err
	}
	command := append([]string{
		"--bind", "127.0.0.1", "--port", port, "--dir", s.dir, "--logfile", logFile, "--save", "", "--appendonly", "no",
		"--replica-serve-stale-data", "no", "--replica-read-only", "no",
	}, arguments...)
	if s.process, err = process.Start(filepath.Join(s.dir, "output.log"), nil, "redis-server", command...); err != nil {
		return err
	}
	return s.answers()
}

// answers waits until the server, and not another on its port, answers.
func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		info, err := s.Direct.Info(ctx, "server").Result() // also while it loads
		if err == nil {
			if strings.Contains(info, fmt.Sprintf("\nprocess_id:%d\r", s.process.Pid())) {
				return nil
			}
			return fmt.Errorf("another server listens at %s", s.Addr)
		}
		if !s.process.Running() {
			return fmt.Errorf("redis-server has ended: %w", err)
		}
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return err
		}
	}
}

// Pid is the number of the process; 0 if it does not run.
func (s *Server) Pid() int {
	if s.process == nil {
		return 0
	}
	return s.process.Pid()
}

// Kill ends the server as kill -9 does, and waits until it is gone. Killing again does nothing.
func (s *Server) Kill() error {
	if s.process == nil {
		return nil
	}
	return s.process.Kill()
}

// Freeze stops the process where it stands: its port accepts, and nothing answers.
func (s *Server) Freeze() error { return s.process.Stop() }

// Thaw lets the process go on, with all that was sent to it meanwhile.
func (s *Server) Thaw() error { return s.process.Continue() }

// Close kills the server.
func (s *Server) Close() error { return errors.Join(s.Kill(), s.Direct.Close()) }
