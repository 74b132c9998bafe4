//go:build integration

package acceptance

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	guard "github.com/guardgen/guardgen/runtime"
)

const (
	workers = 16                    // handle at a time, half of them with each snippet
	rounds  = 25                    // times that each handles in the fault
	pace    = 10 * time.Millisecond // between two rounds of a worker
)

// A snippet asks a dependency and, whatever the error, destroys.
type snippet struct {
	asks         dependency
	ask, destroy func(context.Context, *stage, session.Session) error
}

// if err := api.Get(ctx, session); err != nil { transport.DeleteTopic(ctx, topic) }, and its siblings.
var snippets = []snippet{
	{asks: ofAPI, ask: get, destroy: deleteTopic},
	{asks: ofAPI, ask: get, destroy: terminate},
	{asks: ofRedis, ask: publish, destroy: deleteTopic},
	{asks: ofRedis, ask: send, destroy: terminate},
}

func get(ctx context.Context, s *stage, about session.Session) error {
	_, err := s.API.Get(ctx, about.ID)
	return err
}

func publish(ctx context.Context, s *stage, about session.Session) error {
	_, err := s.Transport.Publish(ctx, about.Topic, []byte("hello"))
	return err
}

func send(ctx context.Context, s *stage, about session.Session) error {
	_, err := s.Transport.Send(ctx, about.ID, []byte("psst"))
	return err
}

func deleteTopic(ctx context.Context, s *stage, about session.Session) error {
	return s.Transport.DeleteTopic(ctx, about.Topic)
}

func terminate(ctx context.Context, s *stage, about session.Session) error {
	return s.API.TerminateSession(ctx, about.ID, "unreachable")
}

// A way is how a handler runs its snippet.
type way func(context.Context, snippet, *stage, session.Session) error

var ways = map[string]way{
	"scoped": func(ctx context.Context, h snippet, s *stage, about session.Session) error {
		return unscoped(guard.NewScope(ctx), h, s, about)
	},
	"unscoped": unscoped,
	"background in a defer": func(ctx context.Context, h snippet, s *stage, about session.Session) (err error) {
		defer func() {
			if err != nil {
				err = errors.Join(err, h.destroy(context.Background(), s, about))
			}
		}()
		return h.ask(guard.NewScope(ctx), s, about)
	},
}

func unscoped(ctx context.Context, h snippet, s *stage, about session.Session) error {
	if err := h.ask(ctx, s, about); err != nil {
		return errors.Join(err, h.destroy(ctx, s, about))
	}
	return nil
}

func TestCriterion1TimeoutsNeverTerminateSessions(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		for _, d := range f.hits {
			for name, handle := range ways {
				t.Run(fmt.Sprintf("%s/%s/%s", f.name, d, name), func(t *testing.T) {
					t.Parallel()
					guardedSurvive(t, f, d, handle)
				})
			}
			t.Run(fmt.Sprintf("%s/%s/raw clients destroy", f.name, d), func(t *testing.T) {
				t.Parallel()
				rawDestroy(t, f, d)
			})
		}
	}
}

// guardedSurvive has handlers run before, in and after a fault. None of them may destroy anything.
func guardedSurvive(t *testing.T, f fault, d dependency, handle way) {
	s := newStage(t, rig.Config{Guarded: true, Beneath: true, Timeout: rig.Hasty, Change: func(p *guard.Policy) {
		p.Backoff = guard.Backoff{Min: 200 * time.Millisecond, Max: time.Second}
		p.Quiet = 5 * time.Second // so that it does not measure the machine
	}})
	c := newCast(t, s, d, handle)
	c.actUntilWell(t)
	must(t, f.begin(s, d))
	if failed := c.act(t, rounds); failed == 0 || !f.noise && failed < workers*rounds {
		t.Errorf("%d of %d handlings failed in the fault", failed, workers*rounds)
	}
	must(t, f.end(s, d))
	c.actUntilWell(t)

	if killed, deleted := c.lost(t); killed > 0 || deleted > 0 {
		t.Errorf("of %d each, %d live sessions were killed and %d live topics deleted", workers, killed, deleted)
	}
	if n := s.ArrivedAPI.Calls()["TerminateSession"] + s.ArrivedRedis.Calls()["DeleteTopic"]; n > 0 {
		t.Errorf("%d destructive calls went on to a server", n)
	}
	if len(s.Registry.Denials()) == 0 {
		t.Error("no destructive call was denied, so that none was tried")
	}
}

// rawDestroy is the same without a guard: if it destroys nothing, the test proves nothing.
func rawDestroy(t *testing.T, f fault, d dependency) {
	s := newStage(t, rig.Config{Timeout: rig.Hasty})
	c := newCast(t, s, d, unscoped)
	must(t, f.begin(s, d))
	n := 2
	if f.noise {
		n = rounds
	}
	c.act(t, n)
	must(t, f.end(s, d))
	if killed, deleted := c.lost(t); killed+deleted == 0 {
		t.Error("nothing was destroyed without the guard")
	}
}

// cast are the workers of one story, each with a live session and its topic.
type cast struct {
	stage    *stage
	handle   way
	snippets []snippet // those that ask the dependency at fault
	sessions []session.Session
}

// newCast opens a session for each worker.
func newCast(t *testing.T, s *stage, d dependency, handle way) *cast {
	c := &cast{stage: s, handle: handle}
	for _, h := range snippets {
		if h.asks == d {
			c.snippets = append(c.snippets, h)
		}
	}
	for i := range workers {
		c.sessions = append(c.sessions, s.open(t, fmt.Sprintf("topic-%d", i)))
	}
	return c
}

// act has all workers handle so many times, and returns how many handlings failed.
func (c *cast) act(t *testing.T, times int) (failed int) {
	var mu sync.Mutex
	c.perform(t, func(handle func() error) {
		for range times {
			if handle() != nil {
				mu.Lock()
				failed++
				mu.Unlock()
			}
		}
	})
	return failed
}

// actUntilWell has each worker handle until that succeeds.
func (c *cast) actUntilWell(t *testing.T) {
	deadline := time.Now().Add(patience)
	c.perform(t, func(handle func() error) {
		for err := handle(); err != nil; err = handle() {
			if time.Now().After(deadline) {
				t.Errorf("out of a fault: %v", err)
				return
			}
		}
	})
}

// perform runs a part of each worker, whose handlings are paced, and returns when all have ended.
func (c *cast) perform(t *testing.T, part func(handle func() error)) {
	var all sync.WaitGroup
	for i, about := range c.sessions {
		h := c.snippets[i%len(c.snippets)]
		all.Go(func() {
			ticker := time.NewTicker(pace)
			defer ticker.Stop()
			part(func() error {
				<-ticker.C
				return c.handle(t.Context(), h, c.stage, about)
			})
		})
	}
	all.Wait()
}

// lost counts the live sessions and topics that are no more.
func (c *cast) lost(t *testing.T) (killed, deleted int) {
	for _, about := range c.sessions {
		if !c.stage.Listed(about.ID) {
			killed++
		}
		if !c.stage.Exists(t, "topic:"+about.Topic) {
			deleted++
		}
	}
	return killed, deleted
}
