// Command bench measures what a guarded call costs, beside the raw interface call and beside other circuit breakers, in one
// run and in turns:
//
//	make bench
//
// First it verifies that all that is compared does the same: returns what the client returns, and rejects when it is open.
// The tables stand in docs/performance.md, which says how to read them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

// settings say how much is measured.
type settings struct {
	rounds       int           // of a table
	batch        time.Duration // how long the calls of one row take in one round
	outage       time.Duration // how long an outage is watched, from its beginning and again when it is settled
	settled      time.Duration // after its beginning; 0: not watched
	dependencies int           // that are ill, or idle
}

// quick is what tests use: it says nothing about costs.
var quick = settings{rounds: 2, batch: 100 * time.Microsecond, outage: 500 * time.Millisecond, dependencies: 200}

func main() {
	s := settings{settled: 90 * time.Second, dependencies: 10_000}
	flag.IntVar(&s.rounds, "rounds", 31, "how often each row has its turn; the median counts")
	flag.DurationVar(&s.batch, "batch", 20*time.Millisecond, "how long a turn takes")
	flag.DurationVar(&s.outage, "outage", 20*time.Second, "how long an outage of 10,000 dependencies is watched, from its beginning and when it is settled")
	only := flag.String("only", "", "measure only the parts whose titles contain this")
	write := flag.String("write", "", "put the tables into this file, between its two marker lines")
	hurry := flag.Bool("quick", false, "measure next to nothing, in a few seconds: to see that it works")
	flag.Parse()
	if *hurry {
		s = quick
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s, *only, *write); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings, only, write string) error {
	if write != "" && (only != "" || s == quick) {
		return errors.New("-write replaces all tables: it goes neither with -only nor with -quick")
	}
	if err := verifyAll(ctx); err != nil {
		return err
	}
	var page strings.Builder
	for _, part := range parts {
		if !strings.Contains(strings.ToLower(part.title), strings.ToLower(only)) {
			continue
		}
		fmt.Fprintln(os.Stderr, "bench:", part.title)
		text, err := part.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", part.title, err)
		}
		fmt.Fprintf(&page, "### %s\n\n%s\n\n%s\n", part.title, part.about, text)
	}
	text := machine(s) + "\n\n" + strings.TrimSuffix(page.String(), "\n")
	fmt.Print(text)
	if write == "" {
		return nil
	}
	return replaceTables(write, text)
}
