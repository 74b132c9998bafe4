package status

import (
	"fmt"
	"slices"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
)

// Level says how loud a line is to be.
type Level string

// The levels, from the quietest.
const (
	LevelOK      Level = "ok"
	LevelInfo    Level = "info"
	LevelWarn    Level = "warn"
	LevelFail    Level = "fail"
	LevelObserve Level = "observe" // the gate is NOT ENFORCING
)

// Headline is a line for somebody who has seconds. [Headline.At] puts it together; a page does so again each second.
type Headline struct {
	Level    Level      `json:"level"`
	Text     string     `json:"text"`               // "Destructive operations blocked: redis unhealthy"
	Since    *time.Time `json:"since,omitempty"`    // "… since 02:13"
	Next     string     `json:"next,omitempty"`     // "next probe"
	NextInMs *int64     `json:"nextInMs,omitempty"` // from the time of the report: "… in 12 s"
}

// At is the line when the clock says now, for people in a place: "Destructive operations blocked: redis unhealthy since
// 02:13:07, next probe in 12 s". NextInMs counts from now.
func (h Headline) At(now time.Time, in *time.Location) string {
	text := h.Text
	if h.Since != nil {
		text += " since " + clockTime(*h.Since, now, in)
	}
	if h.Next != "" {
		text += ", " + h.Next
		if h.NextInMs != nil {
			text += " " + countdown(time.Duration(*h.NextInMs)*time.Millisecond)
		}
	}
	return text
}

// clockTime is a time of today's clock, with the date if it is not today's.
func clockTime(t, now time.Time, in *time.Location) string {
	t, now = t.In(in), now.In(in)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format(time.TimeOnly)
	}
	return t.Format(time.DateTime)
}

// countdown is how long it still takes: "in 12 s", "in 3 min 5 s", "now".
func countdown(d time.Duration) string {
	seconds := int64((d + time.Second - 1) / time.Second)
	switch {
	case seconds <= 0:
		return "now"
	case seconds < 60:
		return fmt.Sprintf("in %d s", seconds)
	case seconds < 3600:
		return fmt.Sprintf("in %d min %d s", seconds/60, seconds%60)
	default:
		return fmt.Sprintf("in %d h %d min", seconds/3600, seconds/60%60)
	}
}

// headlineLimit is how many lines are for somebody who has seconds.
const headlineLimit = 8

// picture is what headlines are made of.
type picture struct {
	*Report

	dependencies []guard.DependencyHealth
}

// headlines says in words how things are: what is not enforced, what the gate does, then each dependency that is not well
// and has not been named yet. There is always one.
func (p picture) headlines() []Headline {
	lines, named := p.gateLines()
	more := 0
	for _, d := range slices.SortedStableFunc(slices.Values(p.dependencies), criticalFirst) {
		line := stateLine(d, p.Time)
		switch {
		case line.Text == "" || slices.Contains(named, d.Name):
		case len(lines) >= headlineLimit:
			more++
		default:
			lines = append(lines, line)
		}
	}
	if more > 0 {
		lines = append(lines, Headline{Level: LevelWarn, Text: fmt.Sprintf("and %d more dependencies are not well", more)})
	}
	if len(lines) == 0 && len(p.Operations) == 0 { // a program that destroys nothing need not hear of the gate in health
		lines = append(lines, Headline{Level: LevelOK, Text: "All is well"})
	} else if len(lines) == 0 {
		lines = append(lines, Headline{Level: LevelOK, Text: "All is well: destructive operations run, each with proof"})
	}
	return lines
}

func criticalFirst(a, b guard.DependencyHealth) int {
	switch {
	case a.Critical == b.Critical:
		return 0
	case a.Critical:
		return -1
	default:
		return 1
	}
}

// gateLines says what is not enforced, and what is blocked and why: everything, or operations for reasons of their own, a
// line for each. It returns the dependencies that it has named.
func (p picture) gateLines() (lines []Headline, named []string) {
	if p.Mode == guard.Observe {
		lines = append(lines, Headline{Level: LevelObserve, Text: "NOT ENFORCING: only an open breaker still refuses destructive operations"})
	} else if len(p.Observed) > 0 {
		lines = append(lines, Headline{Level: LevelObserve, Text: "NOT ENFORCING " + enumerate(p.Observed) + ": only an open breaker still refuses them"})
	}
	if p.gateShut() {
		line := p.because(p.Gate)
		line.Text = blocked(p.Mode) + line.Text
		return append(lines, line), []string{p.Gate.Dependency}
	}
	for _, b := range p.blockages() {
		line := p.because(b.first)
		line.Text = blocked(b.first.Mode) + enumerate(slices.Compact(b.operations)) + ": " + line.Text
		lines, named = append(lines, line), append(named, b.first.Dependency)
	}
	return lines, named
}

// blockage is operations that are blocked for the same reason.
type blockage struct {
	first      guard.Decision
	operations []string
}

// blockages lists what is blocked for reasons of its own.
func (p picture) blockages() (all []*blockage) {
	for _, op := range p.Operations {
		d := op.Decision
		if !shut(d) {
			continue
		}
		i := slices.IndexFunc(all, func(b *blockage) bool {
			return b.first.Mode == d.Mode && b.first.Reason == d.Reason && b.first.Dependency == d.Dependency
		})
		if i < 0 {
			i, all = len(all), append(all, &blockage{first: d})
		}
		all[i].operations = append(all[i].operations, d.Operation)
	}
	return all
}

// blocked begins a line about the gate.
func blocked(mode guard.Mode) string {
	if mode == guard.Observe {
		return "Destructive operations would be blocked: "
	}
	return "Destructive operations blocked: "
}

// gateShut reports whether every operation that requires the critical dependencies is blocked. Where none is critical, each
// operation requires its own.
func (p picture) gateShut() bool {
	return shut(p.Gate) && (p.Gate.Reason != guard.ReasonNoDependency || len(p.dependencies) == 0)
}

// shut reports whether a decision is a no that asking would not mend: the gate probes for what is only unproven.
func shut(d guard.Decision) bool { return !d.Allowed && d.Reason != guard.ReasonUnproven }

// because puts a denial in words, with the time when it may be over.
func (p picture) because(d guard.Decision) Headline {
	line := Headline{Level: LevelFail, Text: d.Detail, Next: "gate opens", NextInMs: new(d.RetryAfter.Milliseconds())}
	switch d.Reason {
	case guard.ReasonUnhealthy, guard.ReasonIsolated:
		if i := slices.IndexFunc(p.dependencies, func(h guard.DependencyHealth) bool { return h.Name == d.Dependency }); i >= 0 {
			if known := stateLine(p.dependencies[i], p.Time); known.Text != "" { // it was well a moment ago
				return known
			}
		}
		line.Next, line.NextInMs = "", nil
	case guard.ReasonRecovering, guard.ReasonStart, guard.ReasonHold, guard.ReasonStalled:
		line.Level = LevelWarn
	case guard.ReasonBudget:
		line.Level, line.Next = LevelWarn, "next one"
	default: // nothing that time mends
		line.Next, line.NextInMs = "", nil
	}
	return line
}

// stateLine says what is wrong with a dependency; it is empty for one that is well. An optional one is never louder than a
// warning.
func stateLine(d guard.DependencyHealth, now time.Time) Headline {
	line := Headline{Level: LevelFail, Text: d.Name + " " + d.State.String(), Since: known(d.Since)}
	if !d.Critical {
		line.Level, line.Text = LevelWarn, d.Name+" (optional) "+d.State.String()
	}
	switch {
	case d.Isolated != "":
		line.Text, line.Since, line.Next = d.Name+" isolated ("+d.Isolated+")", known(d.IsolatedAt), "until somebody restores it"
	case d.State == guard.Unhealthy && d.Breaker == "half-open":
		line.Next = "being tried now"
	case d.State == guard.Unhealthy && d.Probed:
		line.Next, line.NextInMs = "next probe", new(max(0, milliseconds(d.OpenUntil, now)))
	case d.State == guard.Unhealthy:
		line.Next, line.NextInMs = "next call tries again", new(max(0, milliseconds(d.OpenUntil, now)))
	case d.State == guard.Degraded:
		line.Level = LevelWarn
		line.Text += " (heavy reads are refused)"
	case d.State == guard.Unknown && d.Critical:
		line.Text += " (it has not answered yet)"
	default:
		return Headline{}
	}
	return line
}

// gateCheck describes the gate.
func (p picture) gateCheck() Check {
	c := Check{ComponentID: "gate", ComponentType: "component", ObservedValue: "open", Status: Pass, Time: p.Time}
	for _, op := range p.Operations {
		if shut(op.Decision) && op.Decision.Mode == guard.Enforce {
			c.AffectedEndpoints = append(c.AffectedEndpoints, op.Decision.Operation)
		}
	}
	c.AffectedEndpoints = slices.Compact(c.AffectedEndpoints)
	if p.gateShut() || len(c.AffectedEndpoints) > 0 {
		c.ObservedValue, c.Status = "shut", Warn
	}
	if p.Mode == guard.Observe || len(p.Observed) > 0 {
		c.ObservedValue, c.Status = "not enforcing", Warn
	}
	if c.Status == Pass {
		return c
	}
	lines, _ := p.gateLines()
	for _, line := range lines {
		c.Output = strings.TrimPrefix(c.Output+"; "+line.Text, "; ")
	}
	return c
}

// enumerate names the first few of a list.
func enumerate(names []string) string {
	const few = 5
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}
