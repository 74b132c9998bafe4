package guard

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNoWindowEverHoldsMoreGrantsThanTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := Budget{Limit: rapid.IntRange(1, 5).Draw(t, "limit"), Window: time.Duration(rapid.IntRange(1, 100).Draw(t, "window"))}
		b := bucket{budget: budget}
		var granted []moment // the reference: all grants, for ever
		now := moment(1)
		for range rapid.IntRange(1, 200).Draw(t, "asks") {
			now += moment(rapid.IntRange(0, 40).Draw(t, "pass"))
			inWindow := 0
			for _, at := range granted {
				if now.sub(at) < budget.Window {
					inWindow++
				}
			}
			left, refill := b.left(now)
			if left != (inWindow < budget.Limit) {
				t.Fatalf("%s: %d grants in the window at %d, and left says %t", budget, inWindow, now, left)
			}
			if !left {
				if refill != granted[len(granted)-budget.Limit].add(budget.Window) || refill <= now {
					t.Fatalf("%s: refill at %d, now is %d, granted at %v", budget, refill, now, granted)
				}
				if ok, _ := (&bucket{budget: budget, grants: slices.Clone(b.grants)}).left(refill - 1); ok {
					t.Fatalf("%s: there is one before the refill", budget)
				}
			}
			if took := b.take(now); took != left {
				t.Fatalf("%s: left says %t, take %t", budget, left, took)
			}
			if left {
				granted = append(granted, now)
			}
		}
		if len(b.grants) > budget.Limit {
			t.Fatalf("%s: it remembers %d grants", budget, len(b.grants))
		}
	})
}

func TestNoBudgetNeverRunsOut(t *testing.T) {
	b := bucket{budget: NoBudget}
	for range 10_000 {
		if ok, _ := b.left(1); !ok || !b.take(1) {
			t.Fatal("it ran out")
		}
	}
	if len(b.grants) != 0 {
		t.Errorf("it remembers %d grants for nothing", len(b.grants))
	}
}
