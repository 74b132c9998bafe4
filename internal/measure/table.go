package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// The lines between which the table stands in a file.
const (
	tableBegin = "<!-- cost of a run: written by make measure -->"
	tableEnd   = "<!-- end of cost of a run -->"
)

// The states in which a module is measured.
const (
	unchanged = "nothing changed"
	edited    = "after an edit"
	emptied   = "build cache empty"
)

// row is one module in one state.
type row struct {
	module, state string
	costs         map[string][]cost // by name of the command
}

func newRow(m module, state string) row {
	return row{module: m.name, state: state, costs: make(map[string][]cost)}
}

// tableOf prints the costs in one state in markdown, a line for each command: wall time, how many times that of the floor it
// is, processor time, memory. It is empty if there are none.
func tableOf(rows []row, state string, commands []command) string {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.state != state })
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |", state)
	for _, r := range rows {
		fmt.Fprintf(&b, " %s |", r.module)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(rows)) + "\n")
	for _, c := range commands {
		if !slices.ContainsFunc(rows, func(r row) bool { return len(r.costs[c.name]) > 0 }) {
			continue
		}
		fmt.Fprintf(&b, "| `%s` |", c.name)
		for _, r := range rows {
			costs := r.costs[c.name]
			if len(costs) == 0 {
				b.WriteString(" |")
				continue
			}
			m := median(costs)
			times := m.wall.Seconds() / median(r.costs[export.name]).wall.Seconds()
			fmt.Fprintf(&b, " %s (%s×), CPU %s, %s |", seconds(m.wall), ratio(times), seconds(m.cpu), mebibytes(m.peak))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// ratio has two digits that count, more where there are more before the point.
func ratio(times float64) string {
	switch {
	case times < 0.95:
		return fmt.Sprintf("%.2f", times)
	case times < 9.5:
		return fmt.Sprintf("%.1f", times)
	default:
		return fmt.Sprintf("%.0f", times)
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// mebibytes is empty where memory is not known.
func mebibytes(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// replaceTable puts a table between the two lines of a file.
func replaceTable(path, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), tableBegin+"\n")
	_, after, ends := strings.Cut(rest, tableEnd)
	if !begins || !ends {
		return fmt.Errorf("%s: a line %q, or after it one %q, is missing", path, tableBegin, tableEnd)
	}
	return os.WriteFile(path, []byte(before+tableBegin+"\n\n"+table+"\n"+tableEnd+after), 0o644)
}
