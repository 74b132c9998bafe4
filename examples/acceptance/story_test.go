//go:build integration

package acceptance

import (
	"testing"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// story is what a registry tells its subscribers, to be read in order. Not safe for concurrent use.
type story struct {
	events chan guard.Event
}

// follow begins to listen. It ends with the test.
func follow(t testing.TB, registry *guard.HealthRegistry) *story {
	s := &story{events: make(chan guard.Event)}
	cancel := registry.Subscribe(func(e guard.Event) {
		select {
		case s.events <- e:
		case <-t.Context().Done():
		}
	})
	t.Cleanup(cancel)
	return s
}

// until reads on to the first event of the dependency that is as wanted, and returns it.
func (s *story) until(t testing.TB, d dependency, wanted func(guard.Event) bool) guard.Event {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var read []guard.Event
	for {
		select {
		case e := <-s.events:
			read = append(read, e)
			if e.Dropped > 0 {
				t.Fatalf("the story lacks %d events", e.Dropped)
			}
			if e.Dependency == string(d) && wanted(e) {
				return e
			}
		case <-timer.C:
			t.Fatalf("it does not happen; what did: %+v", read)
		}
	}
}

// breaker is a transition after which the breaker is in that state.
func breaker(state string) func(guard.Event) bool {
	return func(e guard.Event) bool { return e.Kind == guard.EventTransition && e.Breaker == state }
}

// closes is the transition in which the breaker closes again.
func closes(e guard.Event) bool { return breaker("closed")(e) && e.From == guard.Unhealthy }

// episodeOver is the end of an episode.
func episodeOver(e guard.Event) bool { return e.Kind == guard.EventEpisode && e.RetryAfter > 0 }
