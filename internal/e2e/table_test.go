package e2e

import (
	"fmt"
	"os"
	"strings"
)

// The lines between which the table stands in a file.
const (
	tableBegin = "<!-- real faults: written by make faults -->"
	tableEnd   = "<!-- end of real faults -->"
)

// tableOf prints results in markdown. A row that did not come to its end, or was not to run, is nil.
func tableOf(results []*result) string {
	var b strings.Builder
	b.WriteString("| fault | of | lost, raw clients | lost, guarded | dead reaped | denied | probes: API, Redis |\n")
	b.WriteString("|---|---|---|---|---|---|---|\n")
	var rows, raw, teeth, guarded, dead, reaped int
	for _, r := range results {
		if r == nil {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d of %d | %d of %d | %s | %d, %d (≤ %d) |\n", r.row.fault, r.row.hits, r.rawLost(),
			r.guarded, living, r.reaped, r.dead, r.denied(), r.api.Started, r.redis.Started, r.bound)
		rows++
		if r.raw > 0 {
			teeth++
		}
		raw, guarded, dead, reaped = raw+r.raw, guarded+r.guarded, dead+r.dead, reaped+r.reaped
	}
	fmt.Fprintf(&b, "\n%d rows of %d live sessions each. Lost with raw clients: %d, in %d rows. Lost with guarded ones: %d. "+
		"Reaped of the dead: %d of %d.\n", rows, living, raw, teeth, guarded, reaped, dead)
	return b.String()
}

// rawLost is what raw clients lost, or why nothing.
func (got *result) rawLost() string {
	if got.raw == 0 && got.row.harmless != "" {
		return "0: " + got.row.harmless
	}
	return fmt.Sprintf("%d of %d", got.raw, living)
}

// denied is the number of denials for each reason.
func (got *result) denied() string {
	var said []string
	for _, reason := range sortedReasons(got.denials) {
		said = append(said, fmt.Sprintf("%s %d", reason, got.denials[reason]))
	}
	return strings.Join(said, ", ")
}

// replaceTable puts a table between the two lines of a file.
func replaceTable(path, table string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), tableBegin+"\n")
	_, after, ends := strings.Cut(rest, tableEnd)
	if !begins || !ends {
		return fmt.Errorf("%s: a line %q, or after it one %q, is missing", path, tableBegin, tableEnd)
	}
	return os.WriteFile(path, []byte(before+tableBegin+"\n\n"+table+"\n"+tableEnd+after), 0o644)
}
