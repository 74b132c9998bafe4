package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// list prints the inventory, with -json for programs.
func (s *session) list(args []string) int {
	patterns, err := s.parse("list", args)
	if err != nil {
		return s.fail(err)
	}
	packages, findings := s.load(patterns)
	s.print(findings)
	if findings.HasErrors() {
		return exitFailed
	}
	inventory := s.inventory(packages)
	if s.json {
		err = printJSON(s.stdout, inventory)
	} else {
		err = printTable(s.stdout, inventory)
	}
	if err != nil {
		return s.fail(err)
	}
	return exitOK
}

func printJSON(w io.Writer, inventory []client) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(inventory)
}

// printTable prints a heading for each interface, and a line for each method.
func printTable(w io.Writer, inventory []client) error {
	for i, c := range inventory {
		if i > 0 {
			fmt.Fprintln(w)
		}
		heading := []string{c.Dependency, c.Interface, c.Position}
		fmt.Fprintln(w, strings.Join(slices.Concat(heading, c.Options), "  "))
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, m := range c.Methods {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n",
				m.Name, m.Class, orDash(m.Keys, ","), orDash(m.Options, " "), m.Position)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func orDash(words []string, separator string) string {
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, separator)
}
