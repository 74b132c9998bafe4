//go:build unix

package goredis

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/guardtest"
)

// page is a log that tests read while others write.
type page struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *page) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(line)
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// TestFullDuplexGoesRoundTheGuardAndIsSaid holds go-redis to what docs/redis.md says of it, too: what was refused is written.
func TestFullDuplexGoesRoundTheGuardAndIsSaid(t *testing.T) {
	var log page
	s := onStageOf(t, guardtest.NewRegistry(t, guard.WithLogger(slog.New(slog.NewTextHandler(&log, nil)))))
	if err := s.server.Direct.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	pipeline, err := s.client.AutoPipelineWithOptions(&redis.AutoPipelineOptions{FullDuplex: true})
	if err != nil {
		t.Fatal(err)
	}
	defer pipeline.Close()
	if !pipeline.Config().FullDuplex {
		t.Fatal("it is not full-duplex")
	}
	if err := pipeline.Get(t.Context(), "k").Err(); err != nil { // it has its connection then
		t.Fatal(err)
	}
	if err := s.registry.Isolate("redis", "for a test"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := pipeline.Del(t.Context(), "k").Err(); !errors.Is(err, guard.ErrDestructiveDenied) {
			t.Errorf("%v", err)
		}
	}
	if n := strings.Count(log.String(), "a full-duplex auto-pipeline goes round the guard"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, log.String())
	}
	deadline := time.Now().Add(5 * time.Second)
	for s.server.Direct.Exists(t.Context(), "k").Val() == 1 { // it is on its way
		if time.Now().After(deadline) {
			t.Fatal("go-redis has not written it: guard full-duplex, too")
		}
	}
}
