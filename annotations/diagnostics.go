package annotations

import (
	"cmp"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// Severity says what a diagnostic means for the run.
type Severity uint8

const (
	Error   Severity = iota // nothing may be generated
	Warning                 // generated, but the author should know
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one finding about the source.
type Diagnostic struct {
	// Pos is where the finding stands, its file relative to Config.Dir where it lies below it. A finding about a
	// pattern of the command line has no position.
	Pos      token.Position
	Severity Severity
	Message  string
}

// String returns "file:line:col: message", with "warning: " before the message of a warning.
func (d Diagnostic) String() string {
	var b strings.Builder
	if d.Pos.Filename != "" {
		b.WriteString(d.Pos.String())
		b.WriteString(": ")
	}
	if d.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Message)
	return b.String()
}

// Diagnostics are the findings of one run, as [Load] returns them: sorted by file, line and column, without duplicates.
type Diagnostics []Diagnostic

// Sorted returns the findings sorted and without duplicates, where some were added to those of [Load].
func (d Diagnostics) Sorted() Diagnostics {
	sorted := slices.Clone(d)
	slices.SortStableFunc(sorted, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(sorted)
}

// HasErrors reports whether one of the findings is an error.
func (d Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(d, func(d Diagnostic) bool { return d.Severity == Error })
}

// reporter collects the diagnostics of a run. Not safe for concurrent use.
type reporter struct {
	fset  *token.FileSet
	dir   string // absolute; file names are relative to it
	found Diagnostics
}

func (r *reporter) errorf(pos token.Pos, format string, args ...any) {
	r.add(r.position(pos), Error, fmt.Sprintf(format, args...))
}

func (r *reporter) warnf(pos token.Pos, format string, args ...any) {
	r.add(r.position(pos), Warning, fmt.Sprintf(format, args...))
}

func (r *reporter) add(pos token.Position, severity Severity, message string) {
	pos.Filename = relative(r.dir, pos.Filename)
	r.found = append(r.found, Diagnostic{Pos: pos, Severity: severity, Message: message})
}

// hasErrorAt reports whether there is an error at pos already.
func (r *reporter) hasErrorAt(pos token.Pos) bool {
	at := r.position(pos)
	at.Filename = relative(r.dir, at.Filename)
	return slices.ContainsFunc(r.found, func(d Diagnostic) bool { return d.Pos == at && d.Severity == Error })
}

// hasErrorAmongOptions reports whether there is an error in one of the directives already, behind its name.
func (r *reporter) hasErrorAmongOptions(directives []*directive) bool {
	return slices.ContainsFunc(directives, func(d *directive) bool {
		from, to := r.position(d.namePos), r.position(d.comment.End())
		file := relative(r.dir, from.Filename)
		return slices.ContainsFunc(r.found, func(d Diagnostic) bool {
			return d.Severity == Error && d.Pos.Filename == file && from.Offset < d.Pos.Offset && d.Pos.Offset < to.Offset
		})
	})
}

// dropWarnings forgets the warnings about some files.
func (r *reporter) dropWarnings(paths []string) {
	r.found = slices.DeleteFunc(r.found, func(d Diagnostic) bool {
		return d.Severity == Warning && slices.ContainsFunc(paths, func(path string) bool { return relative(r.dir, path) == d.Pos.Filename })
	})
}

// position returns where pos stands in the file as it is on disk: //line comments do not move it.
func (r *reporter) position(pos token.Pos) token.Position {
	return r.fset.PositionFor(pos, false)
}

// at names the place of pos in the middle of a message.
func (r *reporter) at(pos token.Pos) string {
	p := r.position(pos)
	p.Filename = relative(r.dir, p.Filename)
	return p.String()
}

// sorted returns what was found, sorted and without duplicates.
func (r *reporter) sorted() Diagnostics { return r.found.Sorted() }

// relative returns file as seen from dir, or as it is where it lies elsewhere.
func relative(dir, file string) string {
	if dir == "" || !filepath.IsAbs(file) {
		return file
	}
	short, err := filepath.Rel(dir, file)
	if err != nil || short == ".." || strings.HasPrefix(short, ".."+string(filepath.Separator)) {
		return file
	}
	return short
}
