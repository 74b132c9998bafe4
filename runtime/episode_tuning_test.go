package guard

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// TestOneLostProbeInAHundredHardlyShutsTheGate runs a dependency without traffic for 17 hours, in which one probe in a
// hundred is lost. The first lost one is repeated at once, so that an episode takes two in a row.
func TestOneLostProbeInAHundredHardlyShutsTheGate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		dice := rand.New(rand.NewPCG(1, 1))
		w.random = dice.Float64
		g := w.guard("redis")
		lost := 0
		g.probeWith(func(context.Context) error {
			if dice.IntN(100) == 0 {
				lost++
				return errDown
			}
			return nil
		})
		const looks = 3000
		shut := 0
		for range looks {
			sleep(20 * time.Second)
			if d := w.Explain(NewScope(t.Context()), "Drop"); !d.Allowed && d.Reason != ReasonUnproven { // which asking would mend
				shut++
			}
		}
		h, _ := w.Health("redis")
		t.Logf("in %s: %d probes lost, %d episodes, the gate shut at %d of %d looks", looks*20*time.Second, lost, h.Episode, shut, looks)
		if lost < 200 || h.Episode == 0 {
			t.Fatal("hardly anything was lost, so that nothing is shown")
		}
		if shut*100 > looks {
			t.Errorf("the gate was shut at %d of %d looks, more than one in a hundred", shut, looks)
		}
	})
}
