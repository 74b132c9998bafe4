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
		{"nothing changed", append(slices.Clone(commands), syntax, all)},
		{"after an edit", []command{list, export, generate, syntax, all}},
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
	r := newRow(modules[0], "nothing changed")
	r.costs[list.name] = []cost{{wall: 100e6, cpu: 50e6, peak: 20 << 20}}
	r.costs[generate.name] = []cost{{wall: 900e6}, {wall: 250e6, cpu: 200e6, peak: 30 << 20}, {wall: 200e6, cpu: 400e6}}
	want := "| " + modules[0].name + " | nothing changed | 0.10 s, CPU 0.05 s, 20 MiB | | 0.25 s (2.5×), CPU 0.20 s, 30 MiB | |\n"
	if table := tableOf([]row{r}, commands); !strings.HasSuffix(table, want) {
		t.Errorf("the table is\n%s\nand does not end with\n%s", table, want)
	}
}
