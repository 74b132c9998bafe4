package guard

import (
	"slices"
	"testing"
	"time"
)

const second = moment(time.Second)

func TestDecisionIsToldInFull(t *testing.T) {
	for _, check := range decisionChecks[:3] {
		if err := check(); err != nil {
			t.Error(err)
		}
	}
}

// TestDecisionAgreesWithTheTable says how much the agreement is worth: every verdict comes.
func TestDecisionAgreesWithTheTable(t *testing.T) {
	counts, err := enumerateDecision(true)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := decisionTable()
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, r := range rules {
		n := counts[r.verdict]
		t.Logf("%9d %s", n, r.verdict)
		if all += n; n == 0 {
			t.Errorf("%q never comes", r.verdict)
		}
	}
	t.Logf("%9d states", all)
}

// TestEachMechanismIsNeeded is the ablation of the gate: without a mechanism, and with all others on, a state in which only
// it denies would be allowed.
func TestEachMechanismIsNeeded(t *testing.T) {
	names := []string{"state", "scope", "key", "quiet", "stall", "episode", "start", "hold", "budget", "evidence"}
	if n := len(new(snapshot).steps()); n != len(names) {
		t.Fatalf("%d mechanisms, %d names", n, len(names))
	}
	sets, _ := requiredSets(true)
	for i, name := range names {
		needed := false
		product(generally, func(s snapshot, _ fact) bool {
			s.now, s.hold, s.startHold = theNow, theHold, theStartHold
			for _, s.required = range sets {
				steps := s.steps()
				if steps[i]().reason != "" && firstDenial(slices.Delete(steps, i, i+1)).reason == "" {
					needed = true
					return false
				}
			}
			return true
		})
		if !needed {
			t.Errorf("without %s nothing more would be allowed", name)
		}
	}
}
