package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTablesStandBetweenTheirLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	page := "before\n" + tablesBegin + "\nold\n" + tablesEnd + "\nafter\n"
	if err := os.WriteFile(path, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time finds what the first has written
		if err := replaceTables(path, "| new |\n"); err != nil {
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

func TestThePageHasTheLines(t *testing.T) {
	page, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(page), tablesBegin+"\n")
	if _, _, ends := strings.Cut(rest, tablesEnd); before == "" || !begins || !ends {
		t.Errorf("docs/performance.md has no place for the tables")
	}
}

func TestAPartOfTheTablesReplacesNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	if err := run(t.Context(), quick, "", path); err == nil {
		t.Error("a quick run would be written")
	}
	if err := run(t.Context(), settings{rounds: 1}, "gate", path); err == nil {
		t.Error("one table would replace all")
	}
}
