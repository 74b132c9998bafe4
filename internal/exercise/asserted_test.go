package exercise

import "testing"

func TestAssertedCountsMethodsAndNotTrials(t *testing.T) {
	a := make(asserted)
	a.hold(refused, "Get")
	a.hold(refused, "Get")
	a.hold(refused, "Put")
	a.hold(sameArguments, "Put")
	if got, want := a.String(), "arguments 1, refusal 2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for c, name := range Claims() {
		if name == "" {
			t.Errorf("claim %d has no name", c)
		}
	}
}
