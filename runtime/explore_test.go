//go:build !race

package guard

import (
	"flag"
	"strings"
	"testing"
	"testing/synctest"
)

var exploreAll = flag.Bool("explore", false, "walk through the large plots, too: some minutes, some gigabytes")

// TestEveryInterleavingKeepsThePromises walks through all states of each plot. Beside the promises it holds that at most
// one probe is in the air, that no call runs while the breaker is not closed, and that nobody waits for ever.
func TestEveryInterleavingKeepsThePromises(t *testing.T) {
	for _, p := range plots {
		if p.large && !*exploreAll {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				x := newExplorer(p)
				f := x.search()
				if f.broken != kept {
					t.Fatal(f)
				}
				t.Logf("%d states, %d steps, %d of them destroy, %d looks spared; %d runs of real sections", f.states, f.edges, x.destroyed, x.glanced, f.sections)
				if x.destroyed < 50 || x.glanced < 50 && p.budget > 1 {
					t.Error("hardly anything is allowed, so that nothing is proven")
				}
				if f.states < p.least {
					t.Errorf("only %d states, want %d: does it explore anything?", f.states, p.least)
				}
				if trace := x.wedge(x.well, x.calm); trace != nil {
					t.Errorf("C7: the dependency works, and nothing that comes by itself leads to health from here:\n%s", strings.Join(trace, "\n"))
				}
				if trace := x.wedge(nil, x.free); trace != nil {
					t.Errorf("somebody waits for ever:\n%s", strings.Join(trace, "\n"))
				}
			})
		})
	}
}
