//go:build integration

package acceptance

import (
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	guard "github.com/guardgen/guardgen/runtime"
)

// silentFaults are those that end a dependency for its probes, too.
var silentFaults = []string{"black hole", "refused", "reset", "frozen", "refuses to serve", killed.name}

// killed is a redis-server that dies and is started anew on its port, empty.
var killed = fault{
	name: "killed and restarted", hits: []dependency{ofRedis},
	begin: func(s *stage, _ dependency) error {
		s.redis.Kill()
		return nil
	},
	end: func(s *stage, _ dependency) error { return s.redis.Start() },
}

func TestCriterion7ProbesRestoreClosedAfterRecovery(t *testing.T) {
	t.Parallel()
	named := map[string]fault{killed.name: killed}
	for _, f := range faults {
		named[f.name] = f
	}
	for _, name := range silentFaults {
		for _, d := range named[name].hits {
			t.Run(name+"/"+string(d), func(t *testing.T) {
				t.Parallel()
				healsWithoutTraffic(t, named[name], d)
			})
		}
	}
}

// healsWithoutTraffic takes a dependency through an outage of which only probes can know.
func healsWithoutTraffic(t *testing.T, f fault, d dependency) {
	s := newStage(t, rig.Config{Guarded: true, Timeout: rig.Hasty, Change: func(p *guard.Policy) {
		p.ProbeInterval = 250 * time.Millisecond
		p.Backoff = guard.Backoff{Min: 200 * time.Millisecond, Max: time.Second}
		p.Hold, p.Reconnect = briefHold, briefHold
	}})
	about := s.open(t, "news")
	s.prove(t)
	asked := s.AskedAPI.Total() + s.AskedRedis.Total()

	must(t, f.begin(s, d))
	s.story.until(t, d, breaker("open"))
	must(t, f.end(s, d))
	s.story.until(t, d, closes)
	s.story.until(t, d, episodeOver)
	s.waitOutHold(t, d)

	if n := s.AskedAPI.Total() + s.AskedRedis.Total() - asked; n > 0 {
		t.Errorf("the service made %d calls, so that it was not the probes alone", n)
	}
	must(t, persist(func() error { return s.ask(t.Context(), ofAPI, about) }))
	end := func() error { return s.API.EndSession(guard.NewScope(t.Context()), about.ID) }
	if err := persist(end); err != nil || s.Listed(about.ID) {
		t.Errorf("after hold: error %v, want the session ended", err)
	}
}
