package annotations

import (
	"go/token"
	"strings"
)

// hints gathers findings that are about several methods at one place, so that an embedded interface gets one line for
// each kind of finding and not one for each method.
type hints []hint

type hint struct {
	pos         token.Pos
	severity    Severity
	before, end string // around the names
	names       []string
}

func (h *hints) add(pos token.Pos, severity Severity, before, name, end string) {
	for i := range *h {
		known := &(*h)[i]
		if known.pos == pos && known.before == before && known.end == end {
			known.names = append(known.names, name)
			return
		}
	}
	*h = append(*h, hint{pos, severity, before, end, []string{name}})
}

func (h hints) report(report *reporter) {
	for _, hint := range h {
		report.add(report.position(hint.pos), hint.severity, hint.before+strings.Join(hint.names, ", ")+hint.end)
	}
}
