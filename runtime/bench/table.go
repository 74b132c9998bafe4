package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
)

// table is what is measured in turns. Its first row is the raw call.
type table struct {
	rows    []*row
	ours    int // the row that others are divided by
	all     bool
	closers []func()
}

func (t *table) close() {
	for _, f := range t.closers {
		f()
	}
}

// workers is how many goroutines call at a time.
func (t *table) workers() int {
	if t.all {
		return runtime.GOMAXPROCS(0)
	}
	return 1
}

// measure gives each row its turn in each round, so that what else the machine does falls on all of them, and begins each
// round with another one.
func (t *table) measure(ctx context.Context, s settings) error {
	for _, r := range t.rows {
		if err := r.prepare(ctx, s.batch, t.workers()); err != nil {
			return err
		}
	}
	for round := range s.rounds {
		for i := range t.rows {
			r := t.rows[(round+i)%len(t.rows)]
			c, err := r.turn(ctx, t.workers())
			if err != nil {
				return err
			}
			r.costs = append(r.costs, c)
		}
	}
	return nil
}

func wallOf(c cost) float64   { return c.wall }
func cpuOf(c cost) float64    { return c.cpu }
func bytesOf(c cost) float64  { return c.bytes }
func allocsOf(c cost) float64 { return c.allocs }

// markdown prints medians over the rounds. Differences and ratios are medians as well, of those within each round.
func (t *table) markdown() string {
	var b strings.Builder
	b.WriteString("| | wall ns/op | CPU ns/op | ± | B/op | allocs/op | added over raw | ÷ raw | ÷ ours |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	raw, ours := t.rows[0], t.rows[t.ours]
	for i, r := range t.rows {
		added := "–"
		if i > 0 {
			added = number(median(pairs(r, raw, func(a, b float64) float64 { return a - b })))
		}
		over := func(a, b float64) float64 { return a / b }
		cpu := column(r, cpuOf)
		fmt.Fprintf(&b, "| %s | %s | %s | %.0f %% | %s | %s | %s | %s | %s |\n", r.name,
			number(median(column(r, wallOf))), number(median(cpu)), 100*spread(cpu), count(median(column(r, bytesOf))), count(median(column(r, allocsOf))),
			added, ratio(median(pairs(r, raw, over))), ratio(median(pairs(r, ours, over))))
	}
	return b.String()
}

func column(r *row, of func(cost) float64) []float64 {
	values := make([]float64, len(r.costs))
	for i, c := range r.costs {
		values[i] = of(c)
	}
	return values
}

// pairs compares the CPU time of two rows in each round.
func pairs(r, with *row, compare func(a, b float64) float64) []float64 {
	values := make([]float64, len(r.costs))
	for i, c := range r.costs {
		values[i] = compare(c.cpu, with.costs[i].cpu)
	}
	return values
}
