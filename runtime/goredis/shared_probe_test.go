//go:build unix

package goredis

import (
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/guardgen/guardgen/internal/faultproxy"
)

func TestProbeOutlivesTheGuardThatBroughtIt(t *testing.T) {
	s := onStage(t)
	second, err := Guard(s.registry, s.client.WithTimeout(3*time.Second)) // its probe is the newest
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
	s.breaks(faultproxy.Fault{Refuse: true})
	s.heal()
}

func TestGuardThatCameTooLateTakesNoProbeWithIt(t *testing.T) {
	s := onStage(t)
	for range 20 {
		client := redis.NewClient(Recommended(&redis.Options{Addr: s.server.Addr}))
		var racing sync.WaitGroup
		for range 4 {
			racing.Go(func() {
				if guarded, err := Guard(s.registry, client); err == nil {
					t.Cleanup(func() { guarded.Close() })
				}
			})
		}
		racing.Wait()
		client.Close()
		if err := s.registry.Probe(t.Context(), "redis"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestProbeThatEndsLateEndsNoOther: one that was given up fails when the next one is on its way.
func TestProbeThatEndsLateEndsNoOther(t *testing.T) {
	p := &prober{source: newClient(t, &redis.Options{Addr: startRedis(t).Addr})}
	defer p.close()
	if err := p.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	late, next := p.take(), p.take()
	client := next.server("", p.source.(*redis.Client).Options())
	p.put(late, false)
	if err := client.Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
	p.put(next, true)
}
