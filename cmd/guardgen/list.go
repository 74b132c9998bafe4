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

// printTable prints a heading for each interface, and a line for each method. Its keys are written as an option, so that
// they can be held against those of the interface: a method has the ones that its parameters carry.
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
				m.Name, m.Class, orDash(keyOption(m.Keys), ""), orDash(m.Options, " "), m.Position)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// keyOption returns key= with the keys, nothing without one.
func keyOption(keys []string) []string {
	if len(keys) == 0 {
		return nil
	}
	return []string{"key=" + strings.Join(keys, ",")}
}

func orDash(words []string, separator string) string {
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, separator)
}
