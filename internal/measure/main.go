// Command measure prints what a run of guardgen costs, beside what the go command alone needs for the same packages:
//
//	make measure
//
// It builds guardgen, writes the modules of module.go into a temporary directory, and runs every command in each of
// them: with nothing changed, after an edit, and with an empty build cache. The table stands in docs/generator.md.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var b bench
	flag.IntVar(&b.rounds, "n", 9, "how often a command runs, with the build cache filled; the median counts")
	flag.BoolVar(&b.cold, "cold", true, "run each command once with an empty build cache, too")
	write := flag.String("write", "", "put the table into this file, between its two marker lines")
	flag.Parse()
	if err := run(&b, *write); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(b *bench, write string) error {
	rows, err := b.measure(modules)
	if err != nil {
		return err
	}
	table := b.machine() + "\n\n" + tableOf(rows, commands) + "\nOther ways to load the same, beside the whole of guardgen:\n\n" + tableOf(rows, ways)
	fmt.Print(table)
	if write == "" {
		return nil
	}
	return replaceTable(write, table)
}
