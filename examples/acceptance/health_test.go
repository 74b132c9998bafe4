//go:build integration

package acceptance

import (
	"fmt"
	"testing"

	"github.com/guardgen/guardgen/examples/sessiond/rig"
	guard "github.com/guardgen/guardgen/runtime"
)

// A gate that denies everything would pass every test of outages.
func TestInHealthRightfulDestructionsSucceedAtTheFirstAsk(t *testing.T) {
	t.Parallel()
	for range 5 { // a machine that stands still for seconds fails calls and probes: that was no health
		asked, denied, health := destroyRightfully(t)
		if denied*100 <= asked {
			return
		}
		if health {
			t.Fatalf("%d of %d rightful destructions were not done at the first ask", denied, asked)
		}
	}
	t.Fatal("this machine is too busy for a measurement of health")
}

// destroyRightfully destroys in every manner, and reports whether the dependencies were healthy throughout.
func destroyRightfully(t *testing.T) (asked, denied int, health bool) {
	const each = 20 // the smallest budget
	s := newStage(t, rig.Config{Guarded: true})
	for i := range each {
		for _, x := range destructions {
			if x.name == "EraseChannel" && i >= 10 {
				continue // its budget is the default
			}
			about := s.open(t, fmt.Sprintf("%s-%d", x.name, i))
			must(t, s.Notify(t.Context(), about.ID, []byte("psst")))
			asked++
			if err := x.destroy(guard.NewScope(t.Context()), s, about); err != nil || !x.done(t, s, about) {
				denied++
				t.Logf("%s: %v", x.name, err)
			}
		}
	}
	health = true
	for d := range s.Registry.All() {
		health = health && d.LastFailure.IsZero() && d.Episode == 0
	}
	return asked, denied, health
}
