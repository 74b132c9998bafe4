package main

import (
	"strings"
	"testing"
)

// TestEveryPartHasItsTable measures next to nothing, and says nothing about time.
func TestEveryPartHasItsTable(t *testing.T) {
	lines := map[string]int{ // of each table, raw included
		"Healthy": 17, "Rejected": 17, "Failing": 15, "In parallel": 14, "Around a real call": 15,
		"With a deadline": 8, "With a deadline that is looked at": 8, "The gate": 9,
		"Ten thousand dependencies in an outage": 3, "An idle dependency": 12,
	}
	for _, p := range parts {
		t.Run(p.title, func(t *testing.T) {
			text, err := p.measure(t.Context(), quick)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
			if len(got) != 2+lines[p.title] {
				t.Errorf("%d lines, want %d below two of heading:\n%s", len(got), lines[p.title], text)
			}
			for _, line := range got {
				if strings.Count(line, "|") != strings.Count(got[0], "|") {
					t.Errorf("the line does not have the columns of the first: %s", line)
				}
			}
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
				t.Errorf("not all are numbers:\n%s", text)
			}
		})
	}
}
