package goredis

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var write = flag.Bool("write", false, "write the table of commands into docs/redis.md")

// document is where users read the table; begin and end are the lines around it.
const (
	document = "../../docs/redis.md"
	begin    = "-run Documented -args -write -->\n"
	end      = "<!-- end -->\n"
)

// documented is the table as users read it.
func documented() string {
	var b strings.Builder
	b.WriteString("\n| tier | gated by default | commands |\n|---|---|---|\n")
	for _, tier := range Tiers() {
		gated := "no"
		if slices.Contains(DefaultTiers(), tier) {
			gated = "yes"
		}
		var names []string
		for _, row := range InTiers(tier) {
			name := "`" + row.Name + "`"
			if row.When != nil {
				name += " (" + row.Note + ")"
			}
			names = append(names, name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", tier, gated, strings.Join(names, ", "))
	}
	b.WriteString("\n")
	return b.String()
}

func TestTheDocumentedTableIsTheTable(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	table, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the table", document)
	}
	if table == documented() {
		return
	}
	if !*write {
		t.Fatalf("%s is stale: go test ./runtime/goredis -run Documented -args -write", document)
	}
	if err := os.WriteFile(document, []byte(before+begin+documented()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
