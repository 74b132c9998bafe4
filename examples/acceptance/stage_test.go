//go:build integration

package acceptance

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/internal/faultproxy"
	guard "github.com/guardgen/guardgen/runtime"
)

// dependency is the name of one of the two.
type dependency string

const (
	ofAPI   dependency = "api"
	ofRedis dependency = "redis"
)

var dependencies = []dependency{ofAPI, ofRedis}

// stage is a service with both its dependencies and everything that may befall them.
type stage struct {
	*rig.Rig
	redis *redisServer
	api   *faultproxy.Freezer
	story *story // nil with raw clients
}

// newStage starts a stage. It ends with the test.
func newStage(t *testing.T, config rig.Config) *stage {
	t.Helper()
	s := &stage{redis: startRedis(t), api: faultproxy.NewFreezer()}
	config.Redis, config.Listen = s.redis.Addr, s.api.Listen
	s.Rig = rig.New(t, config)
	t.Cleanup(func() { // a test that fails may leave them frozen, and the rest cannot end then
		s.redis.Thaw()
		s.api.Thaw()
	})
	if config.Guarded {
		s.story = follow(t, s.Registry)
	}
	return s
}

// proxy is what stands before the dependency.
func (s *stage) proxy(d dependency) *faultproxy.Proxy {
	if d == ofAPI {
		return s.APIProxy
	}
	return s.RedisProxy
}

// open opens a session that owns a topic. It asks again where a busy machine is too slow for a hasty stage.
func (s *stage) open(t testing.TB, topic string) (opened session.Session) {
	t.Helper()
	must(t, persist(func() (err error) {
		opened, err = s.Open(t.Context(), "ann", topic)
		return err
	}))
	return opened
}

// persist does something until it succeeds, and returns the last error when patience is out.
func persist(do func() error) error {
	out := time.After(patience)
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		err := do()
		if err == nil {
			return nil
		}
		select {
		case <-poll.C:
		case <-out:
			return err
		}
	}
}

// ask makes a regular call to the dependency, about the session or its topic.
func (s *stage) ask(ctx context.Context, d dependency, about session.Session) error {
	if d == ofAPI {
		_, err := s.API.Get(ctx, about.ID)
		return err
	}
	_, err := s.Transport.Publish(ctx, about.Topic, []byte("hello"))
	return err
}

// askHeavy makes a heavy call to the dependency.
func (s *stage) askHeavy(ctx context.Context, d dependency, about session.Session) error {
	if d == ofAPI {
		_, err := s.API.List(ctx)
		return err
	}
	_, err := s.Transport.History(ctx, about.Topic, 1)
	return err
}

// arrived returns how many calls have passed the wrapper of the dependency, probes too.
func (s *stage) arrived(d dependency) int {
	if d == ofAPI {
		return s.ArrivedAPI.Total()
	}
	return s.ArrivedRedis.Total()
}

// breakDown refuses all connections to the dependency and asks until its breaker is open.
func (s *stage) breakDown(t testing.TB, d dependency, about session.Session) {
	t.Helper()
	must(t, s.proxy(d).Set(faultproxy.Fault{Refuse: true}))
	s.askUntilRefused(t, d, about)
	s.story.until(t, d, breaker("open"))
}

// askUntilRefused asks until the guard refuses to.
func (s *stage) askUntilRefused(t testing.TB, d dependency, about session.Session) {
	t.Helper()
	for range 100 {
		err := s.ask(t.Context(), d, about)
		switch {
		case err == nil:
			t.Fatalf("%s answers", d)
		case errors.Is(err, guard.ErrUnhealthy):
			return
		}
	}
	t.Fatalf("the breaker of %s does not open", d)
}

// prove has both dependencies answer a probe.
func (s *stage) prove(t testing.TB) {
	t.Helper()
	for _, d := range dependencies {
		must(t, persist(func() error { return s.Registry.Probe(t.Context(), string(d)) }))
	}
}

// waitOutHold waits until hold is over, as the registry sees it. It asks nothing.
func (s *stage) waitOutHold(t testing.TB, d dependency) {
	t.Helper()
	health, _ := s.Registry.Health(string(d))
	hold := time.NewTimer(time.Until(health.HoldUntil))
	defer hold.Stop()
	select {
	case <-hold.C:
	case <-t.Context().Done():
		t.Fatal("the test ended in hold")
	}
}
