package main

import (
	"strings"
	"testing"

	"github.com/urfave/cli/v3"
)

// TestHelpTellsEverything compares the texts, which are written by hand, with the command line.
func TestHelpTellsEverything(t *testing.T) {
	root := (&session{stdout: &output{}}).commands()
	for _, cmd := range root.Commands {
		if !strings.Contains(root.Description, "\n  guardctl "+cmd.Name) {
			t.Errorf("the help does not mention the verb %s", cmd.Name)
		}
		if !strings.HasPrefix(cmd.Description, "guardctl "+cmd.Name) {
			t.Errorf("the help of %s begins with %.30q", cmd.Name, cmd.Description)
		}
		mentions(t, cmd)
	}
	mentions(t, root)
}

// mentions fails if the help of a command leaves out an option, or is wider than a terminal.
func mentions(t *testing.T, cmd *cli.Command) {
	t.Helper()
	for _, flag := range cmd.Flags {
		if name := flag.Names()[0]; !strings.Contains(cmd.Description, "\n  -"+name+" ") {
			t.Errorf("the help of %s does not mention -%s", cmd.Name, name)
		}
	}
	for line := range strings.Lines(cmd.Description) {
		if len(line) > 81 || strings.Contains(line, "\t") {
			t.Errorf("the help of %s does not fit: %q", cmd.Name, line)
		}
	}
	if !strings.HasSuffix(cmd.Description, "\n") {
		t.Errorf("the help of %s does not end its last line", cmd.Name)
	}
}
