package main

import (
	"fmt"
	"os"
	"strings"
)

// The lines between which the tables stand in a file.
const (
	tablesBegin = "<!-- cost of a call: written by make bench -->"
	tablesEnd   = "<!-- end of cost of a call -->"
)

// replaceTables puts the tables between the two lines of a file.
func replaceTables(path, tables string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), tablesBegin+"\n")
	_, after, ends := strings.Cut(rest, tablesEnd)
	if !begins || !ends {
		return fmt.Errorf("%s: a line %q, or after it one %q, is missing", path, tablesBegin, tablesEnd)
	}
	return os.WriteFile(path, []byte(before+tablesBegin+"\n\n"+tables+"\n"+tablesEnd+after), 0o644)
}
