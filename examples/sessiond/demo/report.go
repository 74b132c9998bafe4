package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// result is how the run ended.
type result struct {
	tempo        tempo
	raw, guarded count
	overdue      int           // dead sessions that the guarded service kept longer than owed
	longest      time.Duration // from a death to the session's end, guarded
	recovery     recovery
	healed       bool // in the end every breaker is closed and the gate open
	denials      map[string]uint64
	asked        int // calls that the guarded service made
	spared       int // of those, calls that did not touch a dependency
}

// table prints raw and guarded side by side.
func (r result) table(out io.Writer) {
	row := func(name, raw, guarded string) { fmt.Fprintf(out, "%-52s %14s %14s\n", name, raw, guarded) }
	of := func(part, whole int) string { return fmt.Sprintf("%d of %d", part, whole) }
	took := func(d time.Duration) string { return d.Round(10 * time.Millisecond).String() }
	const none = "-"

	fmt.Fprintln(out)
	row("", "raw", "guarded")
	row("live sessions killed (the dead are not among them)", of(r.raw.killed, r.raw.living), of(r.guarded.killed, r.guarded.living))
	row("live topics deleted", of(r.raw.deleted, r.raw.topics), of(r.guarded.deleted, r.guarded.topics))
	row("dead sessions reaped", of(r.raw.reaped, r.raw.dead), of(r.guarded.reaped, r.guarded.dead))
	row("  longest from death to reaping, with outages", none, took(r.longest))
	var total uint64
	for _, n := range r.denials {
		total += n
	}
	row("denials", none, fmt.Sprint(total))
	byCount := slices.SortedFunc(maps.Keys(r.denials), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.denials[b], r.denials[a]), cmp.Compare(a, b))
	})
	for _, reason := range byCount {
		row("  "+reason, none, fmt.Sprint(r.denials[reason]))
	}
	row("calls spared (refused without being made)", none, of(r.spared, r.asked))
	for _, name := range slices.Sorted(maps.Keys(r.recovery.closed)) {
		row("from the return of "+name+" to Closed", none, took(r.recovery.closed[name]))
	}
	row("from the return of both to the open gate", none, took(r.recovery.open))
	fmt.Fprintln(out)
}

// check is one condition of success.
type check struct {
	holds bool
	claim string
}

// checks are the conditions of success.
func (r result) checks() []check {
	return []check{
		{r.guarded.killed == 0 && r.guarded.deleted == 0,
			"with the guard nothing alive was killed or deleted"},
		{r.guarded.dead > 0 && r.guarded.reaped == r.guarded.dead && r.overdue == 0,
			fmt.Sprintf("with the guard every dead session was reaped within TTL + hold + one turn (%v) of continuous health", r.tempo.owed())},
		{r.healed, "with the guard the service healed by itself: breakers closed, gate open"},
		{r.raw.living > 0 && 4*r.raw.killed >= r.raw.living,
			"without the guard at least a quarter of the living was killed, so the scenario proves something"},
	}
}

// verdict prints the checks.
func (r result) verdict(out io.Writer) {
	for _, c := range r.checks() {
		mark := "ok  "
		if !c.holds {
			mark = "FAIL"
		}
		fmt.Fprintf(out, "%s  %s\n", mark, c.claim)
	}
}

// passed reports whether all checks hold.
func (r result) passed() bool {
	return !slices.ContainsFunc(r.checks(), func(c check) bool { return !c.holds })
}
