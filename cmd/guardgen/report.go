package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/guardgen/guardgen/annotations"
)

// line is what -json writes on stderr for one finding, or for what has no place in the source.
type line struct {
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`   // from 1
	Column   int    `json:"column,omitempty"` // in bytes, from 1
	Severity string `json:"severity"`         // error, warning or note
	Message  string `json:"message"`
}

// tell writes one line on stderr: text for people, l for programs.
func (s *session) tell(text string, l line) {
	if !s.json {
		fmt.Fprintln(s.stderr, text)
		return
	}
	encoder := json.NewEncoder(s.stderr)
	encoder.SetEscapeHTML(false)
	encoder.Encode(l) // stderr that cannot be written to has no better place to say so
}

// fail reports what is not about the source.
func (s *session) fail(err error) int {
	s.tell(fmt.Sprintf("guardgen: %v", err), line{Severity: "error", Message: err.Error()})
	return exitFailed
}

// notef says what is no finding.
func (s *session) notef(format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	s.tell("guardgen: "+message, line{Severity: "note", Message: message})
}

// print reports the findings of the run, sorted, and whether it may go on.
func (s *session) print(findings annotations.Diagnostics) (ok bool) {
	warnings := 0
	for _, f := range findings.Sorted() {
		s.tell(f.String(), line{f.Pos.Filename, f.Pos.Line, f.Pos.Column, f.Severity.String(), f.Message})
		if f.Severity == annotations.Warning {
			warnings++
		}
	}
	if findings.HasErrors() {
		return false
	}
	if s.strict && warnings > 0 {
		s.fail(fmt.Errorf("%s, which -strict takes for errors", count(warnings, "warning", "warnings")))
		return false
	}
	return true
}

// trace says how long a phase of the run took.
func (s *session) trace(phase string, took time.Duration) {
	if s.verbose {
		s.notef("%s: %s", phase, took.Round(100*time.Microsecond))
	}
}

// phase begins one phase of the run, and returns what ends it.
func (s *session) phase(name string) (end func()) {
	began := time.Now()
	return func() { s.trace(name, time.Since(began)) }
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}
