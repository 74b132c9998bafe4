package guard

import (
	"cmp"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

var (
	chaosSeeds    = flag.Int("chaos.seeds", 0, "TestChaos: `number` of seeds over all scenarios; 0: a fast slice")
	chaosScenario = flag.String("chaos.scenario", "", "TestChaos: only this `scenario`")
	chaosSeed     = flag.String("chaos.seed", "", "TestChaos: tell one story, `scenario/seed`")
	chaosGuarded  = flag.Bool("chaos.guarded", false, "TestChaos: without raw clients and naive breakers")
)

// fastSlice is the number of seeds of each scenario without -chaos.seeds: some 150 in all. The race detector, which makes
// them ten times slower, watches one of each, with the guard alone.
const fastSlice = 4

// enact runs a story under a protection, in a bubble.
func enact(t *testing.T, st *story, kind protectionKind, tell bool) (o outcome, lines []string) {
	synctest.Test(t, func(*testing.T) {
		s := newSim(st, kind)
		s.trace.tell = tell
		s.run()
		o, lines = s.settle(), s.trace.lines
	})
	return o, lines
}

// TestChaos runs a service with clients, rash handlers and a reaper through every scenario: with raw clients, with naive
// breakers, and with the guard. Under the guard no live session is destroyed, in any seed, and each dead one is reaped in
// its time. Without it they are, or the scenario would prove nothing.
func TestChaos(t *testing.T) {
	if *chaosSeed != "" {
		tellStory(t, *chaosSeed)
		return
	}
	chosen := scenarios
	if *chaosScenario != "" {
		chosen = []*scenario{wantScenario(t, *chaosScenario)}
	}
	rows := make([]*row, len(chosen))
	t.Run("scenario", func(t *testing.T) {
		for i, sc := range chosen {
			rows[i] = &row{scenario: sc, seeds: sc.seeds(len(chosen))}
			t.Run(sc.name, func(t *testing.T) {
				t.Parallel()
				rows[i].play(t)
			})
		}
	})
	var table strings.Builder
	printRows(&table, rows)
	t.Log("live sessions destroyed, raw, naive and guarded; dead sessions; rightful questions in health\n" + table.String())
}

// seeds is how many stories of the scenario are played, among so many scenarios.
func (sc *scenario) seeds(chosen int) int {
	switch {
	case *chaosSeeds == 0 && raceDetector:
		return 1
	case *chaosSeeds == 0:
		return cmp.Or(sc.fast, fastSlice)
	case chosen == 1:
		return *chaosSeeds
	default:
		return (*chaosSeeds*cmp.Or(sc.fast, fastSlice)/fastSlice + chosen - 1) / chosen
	}
}

// play plays all stories of a row, and holds what became of them against what is promised.
func (r *row) play(t *testing.T) {
	kinds := []protectionKind{guardedBy, bare, naive}
	if *chaosGuarded || raceDetector {
		kinds = kinds[:1]
	}
	for seed := range uint64(r.seeds) {
		for _, kind := range kinds {
			st := newStory(r.scenario, seed+1)
			o, _ := enact(t, st, kind, false)
			r.add(kind, o)
			if kind == guardedBy {
				if o.passed < o.asks && r.denied == 0 {
					r.denied = st.seed
				}
				r.scenario.check(t, st, o)
			}
		}
	}
	if r.seeds >= cmp.Or(r.scenario.fast, fastSlice) { // fewer say nothing about shares
		r.judge(t)
	}
}

// judge holds the sums of a row against what is promised: yes at once where it is due, and a scenario that can kill.
func (r *row) judge(t *testing.T) {
	guarded, atLeast := r.by[guardedBy], 99
	if newStory(r.scenario, 1).noisy {
		atLeast = 95
	}
	if guarded.passed*100 < guarded.asks*atLeast {
		t.Errorf("%d of %d rightful questions were answered with yes at once, want %d %%; the first that was not: -chaos.seed=%s/%d",
			guarded.passed, guarded.asks, atLeast, r.scenario.name, r.denied)
	}
	for _, kind := range r.scenario.kills {
		if !*chaosGuarded && !raceDetector && r.by[kind].wrongful == 0 {
			t.Errorf("with the %s nobody was killed: the scenario has no teeth", kind)
		}
	}
	if r.scenario.gap && guarded.wrongful == 0 {
		t.Error("nobody was killed, though this is documented as not covered")
	}
}

// check holds one guarded story against the oracles.
func (sc *scenario) check(t *testing.T, st *story, o outcome) {
	replay := fmt.Sprintf("go test ./runtime -run 'TestChaos$' -chaos.seed=%s/%d -v", sc.name, st.seed)
	if o.wrongful > st.tolerated && !sc.gap {
		t.Errorf("%d live sessions or their topics were destroyed: %s", o.wrongful, replay)
	}
	if len(o.overdue) > 0 && !sc.spent {
		t.Errorf("%d dead sessions were left too long: %s", len(o.overdue), replay)
	}
}

// tellStory replays one story under the guard and prints all of it.
func tellStory(t *testing.T, which string) {
	name, number, _ := strings.Cut(which, "/")
	seed, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		t.Fatalf("-chaos.seed=%s: want scenario/seed", which)
	}
	sc := wantScenario(t, name)
	st := newStory(sc, seed)
	t.Logf("%s: %s\n%s\nnoise %.3f, clients cut off %v, no health owed %v, until %s", which, sc.about, st.geometry, st.noise, st.inbound, st.troubles, st.length)
	o, lines := enact(t, st, guardedBy, true)
	t.Log("\n" + strings.Join(lines, "\n"))
	t.Logf("wrongful %d, dead %d, reaped %d, trace %x\n%s", o.wrongful, o.dead, o.reaped, o.hash, strings.Join(o.overdue, "\n"))
	sc.check(t, st, o)
}

func wantScenario(t *testing.T, name string) *scenario {
	t.Helper()
	sc := scenarioNamed(name)
	if sc == nil {
		t.Fatalf("no scenario %q", name)
	}
	return sc
}

// TestStoryIsToldTheSameTwentyTimes holds what makes a failing seed worth something: it fails again.
func TestStoryIsToldTheSameTwentyTimes(t *testing.T) {
	for _, name := range []string{"S4", "S10", "S11", "snapshots", "compound"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, _ := enact(t, newStory(wantScenario(t, name), 7), guardedBy, false)
			for i := range 19 {
				if o, _ := enact(t, newStory(wantScenario(t, name), 7), guardedBy, false); o.hash != first.hash {
					t.Fatalf("run %d has trace %x, the first had %x", i+2, o.hash, first.hash)
				}
			}
		})
	}
}
