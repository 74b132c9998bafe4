package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

// headlinesAtMost is how many there are, unless everything is shown.
const headlinesAtMost = 6

// show draws pictures on a screen.
type show struct {
	screen
	*picture

	now   time.Time // by the clock of the service
	alike int       // how many rows of a kind tables have
}

// newShow is how a picture looks at a moment of our clock. Ages and countdowns are by the clock of the service.
func newShow(on screen, p *picture, at time.Time) show {
	return show{screen: on, picture: p, now: p.Time.Add(at.Sub(p.got)), alike: alikeAtMost}
}

// everything is the show with all rows and lines that there are.
func (s show) everything() show {
	s.alike = math.MaxInt
	return s
}

// lines is everything that somebody needs at three in the morning, and whose picture it is.
func (s show) lines() []string {
	return sections(s.headlines(), s.details(), []string{s.paint(faint, s.fit(s.source()))})
}

// details stand below the headlines, in the order of need: which dependency, what is protected, what was not done.
func (s show) details() []string { return sections(s.dependencies(), s.operations(), s.notDone()) }

// sections puts an empty line between parts.
func sections(parts ...[]string) (lines []string) {
	for i, part := range parts {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, part...)
	}
	return lines
}

// marks are what stands before a line of a level, and how it looks.
var marks = map[status.Level]cell{
	status.LevelOK:      {"OK", green},
	status.LevelInfo:    {"INFO", plain},
	status.LevelWarn:    {"WARN", yellow},
	status.LevelFail:    {"FAIL", red},
	status.LevelObserve: {"!!!!", loud},
}

// mark is four columns wide.
func (s screen) mark(level status.Level) string {
	m, ok := marks[level]
	if !ok {
		m = cell{"INFO", plain}
	}
	return s.paint(m.as, fmt.Sprintf("%-4s", m.text))
}

// textStyle is how the text of a level looks, beside its mark.
func textStyle(level status.Level) style {
	switch level {
	case status.LevelFail:
		return strong
	case status.LevelObserve:
		return loud
	default:
		return plain
	}
}

// headlines are the lines for somebody who has seconds.
func (s show) headlines() (lines []string) {
	for i, h := range s.Headlines {
		if i == headlinesAtMost && s.alike < math.MaxInt {
			return append(lines, s.fit(fmt.Sprintf("      and %d more, which stand below", len(s.Headlines)-i)))
		}
		lines = append(lines, s.wrap(s.mark(h.Level)+"  ", s.at(h), textStyle(h.Level))...)
	}
	return lines
}

// at is a headline at the moment of the show.
func (s show) at(h status.Headline) string {
	if h.NextInMs != nil {
		h.NextInMs = new(max(0, *h.NextInMs-s.now.Sub(s.Time).Milliseconds()))
	}
	return h.At(s.now, s.zone)
}

// checks are those of the dependencies, the worst first, and what is critical before what is not.
func (s show) checks() []status.Check {
	var all []status.Check
	for name, list := range s.Checks {
		if strings.HasSuffix(name, ":state") {
			all = append(all, list...)
		}
	}
	slices.SortFunc(all, func(a, b status.Check) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.ComponentID, b.ComponentID))
	})
	return all
}

// stateOrder has the states from the worst to the best; one that is not known stands before them.
var stateOrder = []string{"unhealthy", "unknown", "degraded", "healthy"}

// rank orders dependencies by state, and then by whether they are critical.
func rank(c status.Check) int {
	r := 2 * slices.Index(stateOrder, c.ObservedValue)
	if !c.Critical {
		r++
	}
	return r
}

// operations is a table of what is protected, with what the gate says.
func (s show) operations() []string {
	if len(s.Operations) == 0 {
		return []string{"Nothing destructive is registered: the gate has nothing to protect yet."}
	}
	t := table{screen: s.screen}
	t.heading("OPERATION", "OF", "BUDGET", "GATE")
	alike := newCrowd(s.alike)
	for _, op := range s.Operations {
		if says := s.gateSays(op.Decision); alike.welcomes(says.text) {
			t.add(cell{s.name(op.Decision.Operation), plain}, cell{s.name(cmp.Or(op.Dependency, "-")), plain}, cell{op.Budget, plain}, says)
		}
	}
	return append(t.lines(), s.rest(alike)...)
}

// gateSays puts a decision in a few words.
func (s show) gateSays(d guard.Decision) cell {
	switch {
	case d.Mode == guard.Observe && shut(d):
		return cell{"NOT ENFORCED, would be " + s.blocked(d), loud}
	case d.Mode == guard.Observe:
		return cell{"NOT ENFORCED", loud}
	case shut(d):
		return cell{s.blocked(d), red}
	case d.Allowed, s.isHealthy(d.Dependency):
		return cell{"allowed", green}
	default:
		return cell{"allowed if a probe succeeds: " + d.Detail, yellow}
	}
}

// blocked says why, and for how long if that is known. Of a dependency that is down, which stands above with its error, it
// says no more.
func (s show) blocked(d guard.Decision) string {
	switch {
	case d.Reason == guard.ReasonUnhealthy, d.Reason == guard.ReasonIsolated:
		return fmt.Sprintf("blocked: %s %s", d.Dependency, d.Reason)
	case mends(d.Reason) && d.RetryAfter > 0:
		return fmt.Sprintf("blocked, again %s: %s", soon(d.RetryAfter-s.now.Sub(s.Time)), d.Detail)
	default:
		return "blocked: " + d.Detail
	}
}

// shut reports whether a decision is a no that asking would not mend: the gate probes for what is only unproven.
func shut(d guard.Decision) bool { return !d.Allowed && d.Reason != guard.ReasonUnproven }

func (s show) isHealthy(dependency string) bool {
	list := s.Checks[dependency+":state"]
	return len(list) > 0 && list[0].ObservedValue == guard.Healthy.String()
}

// source says of when a picture is, and whose.
func (s show) source() string {
	words := []string{s.now.In(s.zone).Format("15:04:05 MST"), "system " + s.State.String()}
	if s.Mode == guard.Observe || len(s.Observed) > 0 {
		words = append(words, "NOT ENFORCING")
	}
	if name := strings.TrimSpace(s.ServiceID + " " + s.ReleaseID); name != "" {
		words = append(words, name)
	}
	return strings.Join(words, ", ")
}

// summary is one line: the state of the system, and the first headlines.
func (s show) summary() string {
	texts := make([]string, len(s.Headlines))
	for i, h := range s.Headlines {
		texts[i] = s.at(h)
	}
	return s.State.String() + ": " + strings.Join(texts, "; ")
}
