package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// The lines between which the table stands in a file.
const (
	tableBegin = "<!-- cost of a run: written by make measure -->"
	tableEnd   = "<!-- end of cost of a run -->"
)

// row is one module in one state.
type row struct {
	module, state string
	costs         map[string][]cost // by name of the command
}

func newRow(m module, state string) row {
	return row{module: m.name, state: state, costs: make(map[string][]cost)}
}

// tableOf prints rows in markdown: wall time, how many times that of the floor it is, processor time, memory.
func tableOf(rows []row, commands []command) string {
	var b strings.Builder
	b.WriteString("| module | state |")
	for _, c := range commands {
		fmt.Fprintf(&b, " `%s` |", c.name)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(commands)) + "\n")
	for i, r := range rows {
		name := r.module
		if i > 0 && rows[i-1].module == name {
			name = ""
		}
		fmt.Fprintf(&b, "| %s | %s |", name, r.state)
		floor := median(r.costs[list.name]).wall
		for _, c := range commands {
			if costs := r.costs[c.name]; len(costs) == 0 {
				b.WriteString(" |")
			} else if m := median(costs); c.name == list.name {
				fmt.Fprintf(&b, " %s, CPU %s, %s |", seconds(m.wall), seconds(m.cpu), mebibytes(m.peak))
			} else {
				fmt.Fprintf(&b, " %s (%.1f×), CPU %s, %s |", seconds(m.wall), m.wall.Seconds()/floor.Seconds(), seconds(m.cpu), mebibytes(m.peak))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
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
