package guard

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestHearingAgreesWithASecondBySecondRecord checks the merged spans against a list of all seconds.
func TestHearingAgreesWithASecondBySecondRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h hearing
		h.init()
		dependencies := []*Dependency{{name: "api"}, {name: "redis"}, {name: "mail"}}
		deafSince := make(map[*Dependency]moment)
		const last = 300
		deaf := make([]bool, last+1) // by a dependency that is heard again
		now := moment(1)
		drawn := func(t *rapid.T) *Dependency { return rapid.SampledFrom(dependencies).Draw(t, "dependency") }
		t.Repeat(map[string]func(*rapid.T){
			"time passes": func(t *rapid.T) { now = min(last, now+moment(rapid.IntRange(1, 10).Draw(t, "seconds"))) },
			"lose": func(t *rapid.T) {
				d := drawn(t)
				since := max(1, now-moment(rapid.IntRange(0, 20).Draw(t, "backdated")))
				h.lose(d, since)
				if earlier, ok := deafSince[d]; !ok || since < earlier {
					deafSince[d] = since
				}
			},
			"regain": func(t *rapid.T) {
				d := drawn(t)
				h.regain(d, now)
				if since, ok := deafSince[d]; ok {
					for m := since; m < now; m++ {
						deaf[m] = true
					}
					delete(deafSince, d)
				}
			},
			"": func(t *rapid.T) {
				from := moment(rapid.IntRange(1, last).Draw(t, "from"))
				want := time.Duration(0)
				for m := from; m < now; m++ {
					heard := !deaf[m]
					for _, since := range deafSince {
						heard = heard && m < since
					}
					if heard {
						want++
					}
				}
				if got := h.heard(from, now); got != want {
					t.Fatalf("heard from %d to %d: %d, want %d (%+v)", from, now, got, want, h.past)
				}
				for i := 1; i < len(h.past); i++ {
					if h.past[i-1].to >= h.past[i].from {
						t.Fatalf("not sorted and apart: %+v", h.past)
					}
				}
			},
		})
	})
}

// TestTooManySpansDelayAndNeverHasten fills the memory of spans.
func TestTooManySpansDelayAndNeverHasten(t *testing.T) {
	var h hearing
	h.init()
	d := &Dependency{name: "redis"}
	const spans = spanLimit + 10
	for i := range moment(spans) {
		h.lose(d, 10*i+1)
		h.regain(d, 10*i+2)
	}
	if len(h.past) != spanLimit {
		t.Errorf("%d spans are remembered", len(h.past))
	}
	if got, truth := h.heard(1, 10*spans), time.Duration(9*spans-1); got > truth || got < truth-10*9 {
		t.Errorf("heard %d of %d", got, truth)
	}
}
