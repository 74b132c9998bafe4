package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/guardgen/guardgen/runtime/status"
)

const (
	// stripLeast and stripMost bound the columns of a strip, which is left out where it has fewer; stripUsual has it where
	// the width is not known.
	stripLeast = 10
	stripUsual = 40
	stripMost  = 60
	// nameMost is the widest that a name makes its column, where the width is known.
	nameMost = 24
)

// dependencies is a table of them, the worst first. Below one that is not well, or was not within its strip, stands why.
func (s show) dependencies() []string {
	checks := s.checks()
	if len(checks) == 0 {
		return []string{"No dependency is registered: nothing can be proven, so nothing may be destroyed."}
	}
	var shown []status.Check
	alike := newCrowd(s.alike)
	for _, c := range checks {
		if alike.welcomes(s.state(c).text) {
			shown = append(shown, c)
		}
	}
	return append(s.table(shown), s.rest(alike)...)
}

func isWell(c status.Check) bool { return c.ObservedValue == "healthy" && c.Isolated == "" }

func (s show) table(checks []status.Check) []string {
	t := table{screen: s.screen}
	names := []string{"DEPENDENCY", "STATE", "SINCE", "BREAKER", "NEXT TRY", "LAST OK", "LAST HOUR"}
	wide := s.stripWidth(checks, names[:len(names)-1])
	if wide < stripLeast {
		names = names[:len(names)-1]
	}
	t.heading(names...)
	for _, c := range checks {
		cells := s.row(c)
		if wide >= stripLeast {
			cells = append(cells, cell{s.strip(c.LastHour, wide), plain})
		}
		t.add(cells...)
		if why := s.why(c); why != "" {
			t.note("  " + s.paint(whyStyle(c), why))
		}
	}
	return t.lines()
}

// stripWidth is how many columns the other ones leave to the strips.
func (s show) stripWidth(checks []status.Check, names []string) int {
	if s.width == 0 {
		return stripUsual
	}
	others := table{screen: s.screen}
	others.heading(names...)
	for _, c := range checks {
		others.add(s.row(c)...)
	}
	return min(others.left(), stripMost)
}

// row are the cells of a dependency, without its strip.
func (s show) row(c status.Check) []cell {
	return []cell{
		{s.name(c.ComponentID), plain}, s.state(c), {s.clock(c.Since), plain}, {c.Breaker, plain}, {s.nextTry(c), plain}, {s.lastOK(c), plain},
	}
}

// name is a name as wide as it may be.
func (s show) name(text string) string {
	if s.width == 0 {
		return text
	}
	return s.cut(text, nameMost)
}

func (s show) state(c status.Check) cell {
	switch {
	case c.Isolated != "":
		return cell{"ISOLATED", red}
	case c.ObservedValue == "unhealthy" && !c.Critical:
		return cell{"UNHEALTHY", yellow}
	case c.ObservedValue == "unhealthy":
		return cell{"UNHEALTHY", red}
	case isWell(c):
		return cell{"healthy", green}
	default:
		return cell{c.ObservedValue, yellow}
	}
}

func (s show) nextTry(c status.Check) string {
	switch {
	case c.Isolated != "":
		return "never"
	case c.NextProbeInMs == nil:
		return "-"
	default:
		return soon(milliseconds(*c.NextProbeInMs) - s.now.Sub(s.Time))
	}
}

func (s show) lastOK(c status.Check) string {
	if c.LastSuccess == nil {
		return "none yet"
	}
	return short(s.now.Sub(*c.LastSuccess)) + " ago"
}

func (s show) clock(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return clockTime(*t, s.now, s.zone)
}

// why says what is, or was, the matter with a dependency, the error last, because that is what may be cut.
func (s show) why(c status.Check) string {
	recent := c.LastFailure != nil && s.now.Sub(*c.LastFailure) < time.Hour
	if isWell(c) && !c.Recovering && !recent {
		return ""
	}
	var parts []string
	add := func(yes bool, format string, args ...any) {
		if yes {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(!c.Critical, "optional")
	add(c.Isolated != "", "isolated: %s", c.Isolated)
	add(c.Recovering && isWell(c), "recovering")
	add(c.ConsecutiveFailures > 1, "%d failures in a row", c.ConsecutiveFailures)
	add(c.BackoffMs > 0, "back-off %s", short(milliseconds(c.BackoffMs)))
	add(isWell(c) && recent, "last failure %s", s.clock(c.LastFailure))
	add(c.LastError != "", "%s", c.LastError)
	return strings.Join(parts, ", ")
}

func whyStyle(c status.Check) style {
	if isWell(c) {
		return faint
	}
	return plain
}
