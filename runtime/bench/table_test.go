package main

import (
	"strings"
	"testing"
)

func TestTableComparesWithinEachRound(t *testing.T) {
	t.Parallel()
	raw := &row{name: "raw", costs: []cost{{wall: 3, cpu: 2}, {wall: 30, cpu: 20}, {wall: 3, cpu: 2}}} // the machine was slow in the second
	ours := &row{name: "ours", costs: []cost{{wall: 9, cpu: 8}, {wall: 90, cpu: 80}, {wall: 9, cpu: 8}}}
	peer := &row{name: "peer", costs: []cost{{cpu: 1600, bytes: 480, allocs: 16}, {cpu: 16000, bytes: 480, allocs: 16}, {cpu: 1600, bytes: 480.01, allocs: 16}}}
	got := (&table{rows: []*row{raw, ours, peer}, ours: 1}).markdown()
	for _, want := range []string{
		"| raw | 3.0 | 2.0 | 225 % | 0 | 0 | – | 1.0 | 0.25 |\n",
		"| ours | 9.0 | 8.0 | 225 % | 0 | 0 | 6.0 | 4.0 | 1.0 |\n",
		"| peer | 0.0 | 1,600 | 225 % | 480 | 16 | 1,598 | 800 | 200 |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the table has no line\n%sbut is\n%s", want, got)
		}
	}
}

func TestMedianAndSpread(t *testing.T) {
	t.Parallel()
	values := []float64{5, 1, 4, 2, 3}
	if m, s := median(values), spread(values); m != 3 || s != 1./3 {
		t.Errorf("median %v, spread %v", m, s)
	}
	if m := median([]float64{1, 2}); m != 1.5 {
		t.Errorf("median of two %v", m)
	}
	if values[0] != 5 {
		t.Error("the values were sorted in place")
	}
}

func TestNumbersAreShort(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{3.14: "3.1", 99.94: "99.9", 99.96: "100", 1234567.8: "1,234,568", -9562: "-9,562", -3.2: "-3.2"} {
		if got := number(x); got != want {
			t.Errorf("number %v is %s, not %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{.25: "0.25", 1: "1.0", 19.9: "19.9", 46.3: "46", 9000.2: "9,000"} {
		if got := ratio(x); got != want {
			t.Errorf("ratio %v is %s, not %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0", 16.01: "16", 2.5: "2.5", 1368: "1,368"} {
		if got := count(x); got != want {
			t.Errorf("count %v is %s, not %s", x, got, want)
		}
	}
}
