// Command measure prints what a run of guardgen costs, beside what the go command alone needs for the same packages, and
// beside other generators:
//
//	make measure
//
// It builds guardgen and the others, writes the modules of module.go into a temporary directory, and runs every command in
// each of them: with nothing changed, after an edit, and with an empty build cache. The tables stand in docs/generator.md.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var b bench
	flag.IntVar(&b.rounds, "n", 3, "how often a command runs, with the build cache filled; the median counts")
	flag.IntVar(&b.peers, "peers", 3, "in how many of these rounds other generators run, too; with 0 they are not built")
	flag.BoolVar(&b.cold, "cold", true, "run the commands once with an empty build cache, too")
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
	table := b.machine() + "\n"
	for _, state := range []string{unchanged, edited, emptied} {
		if t := tableOf(rows, state, b.commands); t != "" {
			table += "\n" + t
		}
	}
	fmt.Print(table)
	if write == "" {
		return nil
	}
	return replaceTable(write, table)
}
