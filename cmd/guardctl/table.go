package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// table lines up cells in columns. Where the screen is too narrow the last column is cut, then the first, then the line.
type table struct {
	screen
	rows []row
}

// row is a line of cells, or a note across all columns.
type row struct {
	cells []cell
	note  string
}

type cell struct {
	text string
	as   style
}

const (
	columnGap  = "  "
	firstLeast = 12 // columns that the first column keeps
	lastLeast  = 10 // and the last
)

// heading adds a row of names of columns.
func (t *table) heading(names ...string) {
	cells := make([]cell, len(names))
	for i, name := range names {
		cells[i] = cell{name, faint}
	}
	t.add(cells...)
}

func (t *table) add(cells ...cell) { t.rows = append(t.rows, row{cells: cells}) }

// note adds a line that belongs to the row before it.
func (t *table) note(line string) { t.rows = append(t.rows, row{note: line}) }

// widths are the widths of the columns as they come.
func (t *table) widths() (widths []int) {
	for _, r := range t.rows {
		for i, c := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(c.text))
		}
	}
	return widths
}

// left is how many columns of the screen a further column would have.
func (t *table) left() int {
	left := t.width
	for _, width := range t.widths() {
		left -= width + len(columnGap)
	}
	return left
}

// fitted are the widths of the columns on this screen.
func (t *table) fitted() []int {
	widths := t.widths()
	if t.width == 0 || len(widths) == 0 {
		return widths
	}
	over := len(columnGap)*(len(widths)-1) - t.width
	for _, width := range widths {
		over += width
	}
	give := func(column, least int) {
		if given := min(over, widths[column]-least); given > 0 {
			widths[column] -= given
			over -= given
		}
	}
	give(len(widths)-1, lastLeast)
	give(0, firstLeast)
	return widths
}

// lines draws the table.
func (t *table) lines() []string {
	widths := t.fitted()
	lines := make([]string, 0, len(t.rows))
	for _, r := range t.rows {
		if r.cells == nil {
			lines = append(lines, t.fit(r.note))
			continue
		}
		var line strings.Builder
		for i, c := range r.cells {
			text := t.cut(c.text, widths[i])
			line.WriteString(t.paint(c.as, text))
			if i < len(r.cells)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-ansi.StringWidth(text)) + columnGap)
			}
		}
		lines = append(lines, t.fit(strings.TrimRight(line.String(), " ")))
	}
	return lines
}
