package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryCommandHasItsCostInEveryState(t *testing.T) {
	rows, err := (&bench{rounds: 1}).measure(modules[:1])
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		state    string
		commands []command
	}{
		{unchanged, commands},
		{edited, []command{list, export, generate, asTool, oneByOne, syntax, all}},
	}
	if len(rows) != len(want) {
		t.Fatalf("there are %d rows, not %d: %v", len(rows), len(want), rows)
	}
	for i, w := range want {
		if rows[i].state != w.state || len(rows[i].costs) != len(w.commands) {
			t.Errorf("row %d is %q and has the costs of %d commands", i, rows[i].state, len(rows[i].costs))
		}
		for _, c := range w.commands {
			if costs := rows[i].costs[c.name]; len(costs) != 1 || costs[0].wall <= 0 || costs[0].cpu <= 0 {
				t.Errorf("%s of %s costs %v", w.state, c.name, costs)
			}
		}
	}
}

func TestTableStandsBetweenItsLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	page := "before\n" + tableBegin + "\nold\n" + tableEnd + "\nafter\n"
	if err := os.WriteFile(path, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time finds what the first has written
		if err := replaceTable(path, "| new |\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(page, "old\n", "\n| new |\n\n", 1); string(got) != want {
		t.Errorf("the page is\n%s\nnot\n%s", got, want)
	}
}

func TestTableDividesByTheFloor(t *testing.T) {
	r, other := newRow(modules[0], edited), newRow(modules[1], edited)
	r.costs[export.name] = []cost{{wall: 100e6, cpu: 50e6, peak: 20 << 20}}
	r.costs[generate.name] = []cost{{wall: 900e6}, {wall: 250e6, cpu: 200e6, peak: 30 << 20}, {wall: 200e6, cpu: 400e6}}
	r.costs[all.name] = []cost{{wall: 12e8, cpu: 2e9}}
	other.costs[generate.name] = []cost{{wall: 1e8, cpu: 2e8}}
	other.costs[export.name] = []cost{{wall: 2e9, cpu: 3e9}}
	want := "| after an edit | " + modules[0].name + " | " + modules[1].name + " |\n|---|---|---|\n" +
		"| `go list -export -deps` | 0.10 s (1.0×), CPU 0.05 s, 20 MiB | 2.00 s (1.0×), CPU 3.00 s, - |\n" +
		"| `guardgen` | 0.25 s (2.5×), CPU 0.20 s, 30 MiB | 0.10 s (0.05×), CPU 0.20 s, - |\n" +
		"| `packages.LoadAllSyntax` | 1.20 s (12×), CPU 2.00 s, - | |\n"
	rows := []row{r, newRow(modules[0], emptied), other}
	if table := tableOf(rows, edited, []command{export, generate, all}); table != want {
		t.Errorf("the table is\n%s\nand not\n%s", table, want)
	}
	if table := tableOf(rows, unchanged, commands); table != "" {
		t.Errorf("of a state that nothing was measured in there is the table\n%s", table)
	}
}

func TestPackagesAreDoneOneByOneOrAtOnce(t *testing.T) {
	twenty := modules[2]
	if runs := oneByOne.runs(twenty); len(runs) != 20 || runs[3].dir != "p03" {
		t.Errorf("one by one: %v", runs)
	}
	if runs := generate.runs(twenty); len(runs) != 1 || !slices.Equal(runs[0].args, []string{"./guardgen", "./..."}) {
		t.Errorf("at once: %v", runs)
	}
	for _, c := range peers {
		if runs := c.runs(twenty); len(runs) != 20 && (c.name != "mockery" || len(runs) != 1) {
			t.Errorf("%s: %v", c.name, runs)
		}
	}
}
