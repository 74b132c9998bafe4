package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// Tokens of those who may act on a stage.
const (
	tokenOfAlice = "alice-0123456789abcdef"
	tokenOfBob   = "bob-fedcba9876543210bob" // who may not
)

// stage is a service with dependencies that fail when they are told to. What it is asked, it is asked for real: through its
// status handler, at a socket.
type stage struct {
	registry *guard.HealthRegistry
	handler  http.Handler
	address  string
	stop     func()

	mu      sync.Mutex
	failing map[string]error
}

// staging says what a stage has.
type staging struct {
	address      string   // where it serves
	dependencies []string // "redis"; "mail?" is optional; "cold!" has never answered; each has one destructive operation
	control      bool
	mode         guard.Mode
	hold         time.Duration // 0: as good as none
}

// newStage raises a stage. Somebody must call stop.
func newStage(of staging) (*stage, error) {
	listener, err := status.Listen(of.address)
	if err != nil {
		return nil, err
	}
	s := &stage{address: of.address, failing: make(map[string]error)}
	if listener.Addr().Network() == "tcp" {
		s.address = "http://" + listener.Addr().String()
	}
	s.registry = guard.NewHealthRegistry(guard.WithStartHold(of.hold), guard.WithMode(of.mode),
		guard.WithLogger(slog.New(slog.DiscardHandler)))
	for _, name := range of.dependencies {
		if err := s.register(name, max(of.hold, time.Millisecond)); err != nil {
			s.registry.Close()
			listener.Close()
			return nil, err
		}
	}
	options := []status.Option{status.WithService("sessiond", "1.4.2")}
	if of.control {
		options = append(options, status.WithControl(authorise))
	}
	s.handler = status.Handler(s.registry, options...)
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { status.ServeListener(ctx, listener, s.handler) })
	s.stop = sync.OnceFunc(func() {
		cancel()
		serving.Wait()
		s.registry.Close()
	})
	return s, nil
}

// authorise knows Alice, and Bob, who may not.
func authorise(r *http.Request) (string, error) {
	switch strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") {
	case tokenOfAlice:
		return "alice", nil
	case tokenOfBob:
		return "bob", status.ErrForbidden
	default:
		return "", errors.New("who is that?")
	}
}

// register registers a dependency, which answers at once unless it is a cold one.
func (s *stage) register(name string, hold time.Duration) error {
	policy := guard.Policy{Hold: hold, Backoff: guard.Backoff{Min: time.Minute, Max: time.Minute}}
	name, policy.Optional = strings.CutSuffix(name, "?")
	name, cold := strings.CutSuffix(name, "!")
	if cold {
		policy.Threshold.Failures = 1000 // so that it is unknown, and not unhealthy
		s.fail(name, errors.New("not started yet"))
	}
	probe := func(context.Context) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.failing[name]
	}
	_, err := guard.NewWrapper(s.registry, guard.Spec{
		Interface: "stage." + name, Dependency: name, Policy: policy,
		Methods: []guard.MethodSpec{{Name: "Delete" + strings.ToUpper(name[:1]) + name[1:], Class: guard.Destructive}},
	}, s, probe)
	if err == nil && !cold {
		err = s.registry.Probe(context.Background(), name)
	}
	return err
}

func (s *stage) fail(name string, failure error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing[name] = failure
}

// outage makes a dependency fail from now on, and its breaker open.
func (s *stage) outage(name, text string) error {
	s.fail(name, errors.New(text))
	for range 5 {
		if err := s.registry.RecordFailure(name, errors.New(text)); err != nil {
			return err
		}
	}
	s.settle()
	return nil
}

// degrade makes it degraded, for some seconds.
func (s *stage) degrade(name string) error {
	defer s.settle()
	return s.registry.SetState(name, guard.Degraded, "the pool is full")
}

// settle waits until the handler reports what is so now: a report is handed out for a moment.
func (s *stage) settle() {
	for now := time.Now(); ; {
		answer := httptest.NewRecorder()
		s.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/status", nil))
		var report struct{ Time time.Time }
		if err := json.Unmarshal(answer.Body.Bytes(), &report); err != nil || report.Time.After(now) {
			return
		}
		runtime.Gosched()
	}
}

// recover makes it answer again, at once.
func (s *stage) recover(name string) error {
	s.fail(name, nil)
	defer s.settle()
	return s.registry.Probe(context.Background(), name)
}

// destroy asks the gate so many times, and reports how often it denied.
func (s *stage) destroy(operation string, times int) (denied int) {
	for range times {
		if err := s.registry.AllowDestructive(guard.NewScope(context.Background()), operation); err != nil {
			denied++
		}
	}
	s.settle()
	return denied
}

// socketPath is a path that is short enough for a socket, and a function that removes it.
func socketPath() (path string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "gc")
	return filepath.Join(dir, "s"), func() { os.RemoveAll(dir) }, err
}

// impostor is something that is no guard: it gives every request the same answer.
type impostor struct {
	address string
	stop    func()
}

// newImpostor listens. The answer is written as it is, and the connection closed behind it, unless it hangs.
func newImpostor(answer string, hangs bool) (*impostor, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				defer context.AfterFunc(ctx, func() { conn.Close() })()
				conn.Read(make([]byte, 4096)) // the request, which is short
				io.WriteString(conn, answer)
				if hangs {
					io.Copy(io.Discard, conn)
				}
			})
		}
	})
	return &impostor{address: listener.Addr().String(), stop: sync.OnceFunc(func() {
		cancel()
		listener.Close()
		serving.Wait()
	})}, nil
}
