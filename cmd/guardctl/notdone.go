package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/guardgen/guardgen/runtime/status"
)

// topDenials is how many reasons a picture shows.
const topDenials = 5

// notDone says what was not done, and the most frequent reasons.
func (s show) notDone() []string {
	if s.NotDone+s.WouldDeny == 0 {
		return []string{s.paint(faint, "Not done: nothing; no destructive call was denied.")}
	}
	lines := s.wrap("Not done: ", countDenials(s.NotDone, s.WouldDeny), plain)
	t := table{screen: s.screen}
	s.addDenials(&t, mostFrequent(s.denials)[:min(topDenials, len(s.denials))])
	lines = append(lines, t.lines()...)
	return append(lines, s.paint(faint, s.fit("since the service started; more: guardctl denials, guardctl events")))
}

// countDenials says how many calls were denied, and how many were not although they should have been.
func countDenials(denied, would uint64) string {
	text := fmt.Sprintf("%s denied", count(denied, "destructive call was", "destructive calls were"))
	if would > 0 {
		text += fmt.Sprintf("; NOT ENFORCED: %s that would have been", count(would, "call ran", "calls ran"))
	}
	return text
}

func count(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

func mostFrequent(all []status.Denial) []status.Denial {
	return slices.SortedStableFunc(slices.Values(all), func(a, b status.Denial) int { return cmp.Compare(b.Count, a.Count) })
}

// addDenials adds a row for each, with what ran all the same where anything did.
func (s show) addDenials(t *table, all []status.Denial) {
	ran := slices.ContainsFunc(all, func(d status.Denial) bool { return d.WouldDeny > 0 })
	names := []string{"DENIED", "OPERATION", "LAST", "WHY"}
	if ran {
		names = slices.Insert(names, 1, "RAN")
	}
	t.heading(names...)
	for _, d := range all {
		cells := []cell{
			{strconv.FormatUint(d.Count-min(d.WouldDeny, d.Count), 10), plain}, {d.Operation, plain}, {s.clock(&d.Last), plain}, {why(d), plain},
		}
		if ran {
			cells = slices.Insert(cells, 1, cell{strconv.FormatUint(d.WouldDeny, 10), plain})
		}
		t.add(cells...)
	}
}

// why says why calls were denied, and because of which dependency the last time.
func why(d status.Denial) string {
	text := cmp.Or(d.Why, string(d.Reason))
	if d.Dependency != "" {
		text = d.Dependency + ": " + text
	}
	return text
}
