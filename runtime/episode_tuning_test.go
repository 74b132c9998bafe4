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

// TestGateAllowsUnderNoiseWithAGeneration is TestGateAllowsUnderNoise where each ask takes a probe and a reading of its own,
// which are lost as often as the calls. A lost reading and a lost probe are each repeated once, and the gate's own probes
// open no episode: without any one of the three the bounds do not hold.
func TestGateAllowsUnderNoiseWithAGeneration(t *testing.T) {
	for percent, want := range map[int]int{1: 998, 3: 990} { // of a thousand asks
		inWorld(t, func(t *testing.T, w *world) {
			probes, calls := rand.New(rand.NewPCG(8, 8)), rand.New(rand.NewPCG(9, 9))
			w.random = rand.New(rand.NewPCG(1, 1)).Float64
			flip := func(dice *rand.Rand) error {
				if dice.IntN(100) < percent {
					return errDown
				}
				return nil
			}
			g := w.guard("redis")
			g.probeWith(func(context.Context) error {
				time.Sleep(time.Millisecond)
				return flip(probes)
			})
			read := func(context.Context) (string, error) { return "first", flip(probes) }
			if _, err := w.Dependency("redis", Policy{}, WithGeneration(read)); err != nil {
				t.Fatal(err)
			}
			const asks = 4000
			allowed := 0
			for range asks {
				for range 9 {
					time.Sleep(111 * time.Millisecond)
					g.set(flip(calls))
					_ = g.Get(t.Context())
				}
				g.set(nil)
				if g.Drop(NewScope(t.Context())) == nil {
					allowed++
				}
			}
			h, _ := w.Health("redis")
			t.Logf("noise of %d%%: %d of %d asks allowed, %d episodes", percent, allowed, asks, h.Episode)
			if allowed*1000 < asks*want {
				t.Errorf("noise of %d%%: %d of %d asks allowed, want %d in a thousand", percent, allowed, asks, want)
			}
		})
	}
}
