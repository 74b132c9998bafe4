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
	const each = 20 // the smallest budget
	s := newStage(t, rig.Config{Guarded: true})
	asked, denied := 0, 0
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
	if denied*100 > asked {
		t.Errorf("%d of %d rightful destructions were not done at the first ask", denied, asked)
	}
}
