package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/guardgen/guardgen/annotations"
)

// list prints the inventory, with -json for programs.
func (s *session) list(args []string) int {
	patterns, err := s.parse("list", args)
	if err != nil {
		return s.fail(err)
	}
	packages, findings := annotations.Load(s.ctx, s.config(), patterns...)
	if !s.print(findings) {
		return exitFailed
	}
	inventory := s.inventory(packages)
	if s.json {
		err = printJSON(s.stdout, inventory)
	} else {
		err = printText(s.stdout, inventory, s.verbose)
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

// classes are the classes of methods in the order in which the text has them: what a reviewer looks for first.
var classes = []string{"destructive", "unguarded", "heavy", "regular"}

// printText prints the inventory so that it can be committed, and a change of it be read as a diff: a heading for each
// client, a line for each method, one no wider because another is longer, and none with what changes where nothing that
// matters does: line numbers, the directory one stands in, the order of the source. Defaults that bound what is destroyed
// are written out. With places each line ends with its position.
func printText(w io.Writer, inventory []client, places bool) error {
	out := bufio.NewWriter(w)
	counts := make(map[string]int)
	line := func(position string, words ...string) {
		if places {
			words = append(words, position)
		}
		fmt.Fprintln(out, strings.Join(words, "  "))
	}
	for _, c := range inventory {
		line(c.Position, c.Dependency, c.Type, c.file)
		fmt.Fprintf(out, "  %-11s  %s\n", "policy", strings.Join(policy(c), " "))
		methods := slices.SortedFunc(slices.Values(c.Methods), func(a, b method) int {
			return cmp.Or(slices.Index(classes, a.Class)-slices.Index(classes, b.Class), strings.Compare(a.Name, b.Name))
		})
		for _, m := range methods {
			counts[m.Class]++
			words := []string{fmt.Sprintf("  %-11s", m.Class), m.Name}
			if said := say(m); len(said) > 0 {
				words = append(words, strings.Join(said, " "))
			}
			line(m.Position, words...)
		}
		fmt.Fprintln(out)
	}
	if len(inventory) > 0 {
		var words []string
		for _, class := range classes {
			words = append(words, fmt.Sprint(counts[class], " ", class))
		}
		fmt.Fprintf(out, "methods: %s\n", strings.Join(words, ", "))
	}
	return out.Flush()
}

// policy returns the options of a client, and which kind of dependency it is where that is not said.
func policy(c client) []string {
	if slices.Contains(c.Options, "optional") {
		return c.Options
	}
	return append([]string{"critical"}, c.Options...)
}

// say returns what is to be said about a method behind its name.
func say(m method) (words []string) {
	if m.Why != "" {
		return []string{m.Why}
	}
	switch {
	case len(m.Keys) > 0:
		words = append(words, "key="+strings.Join(m.Keys, ","))
	case m.Class == "destructive":
		words = append(words, "key=none")
	}
	words = append(words, m.Options...)
	if m.Budget != "" && !slices.Contains(m.Options, "budget="+m.Budget) {
		words = append(words, "budget="+m.Budget+" (default)")
	}
	return words
}
