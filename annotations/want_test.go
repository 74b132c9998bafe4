package annotations

import (
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A package below testdata/src says in comments which diagnostics it provokes: // want "regexp" "regexp" on the line,
// or /* want "regexp" */ before a directive, which has its own comment to itself. Warnings match with "warning: " in
// front. Every diagnostic must be wanted, and every want must be met.
func TestDiagnosticsStandOnTheOffendingLine(t *testing.T) {
	entries, err := os.ReadDir("testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Run(entry.Name(), func(t *testing.T) {
			dir := filepath.Join("testdata", "src", entry.Name())
			wants, overlay := readWants(t, dir)
			_, diagnostics := Load(t.Context(), Config{Overlay: overlay}, "./"+filepath.ToSlash(dir)+"/...")
			for _, d := range diagnostics {
				line := fmt.Sprintf("%s:%d", d.Pos.Filename, d.Pos.Line)
				text := d.Message
				if d.Severity == Warning {
					text = "warning: " + text
				}
				i := slices.IndexFunc(wants[line], func(want *regexp.Regexp) bool { return want.MatchString(text) })
				if i < 0 {
					t.Errorf("unwanted: %s", d)
					continue
				}
				wants[line] = slices.Delete(wants[line], i, i+1)
			}
			for _, line := range slices.Sorted(maps.Keys(wants)) {
				for _, want := range wants[line] {
					t.Errorf("%s: no diagnostic matches %q", line, want)
				}
			}
		})
	}
}

// readWants returns the expectations in the Go files below dir, by "file:line", and the files without them: what is
// wanted quotes directives, which are not for the reader.
func readWants(t *testing.T, dir string) (wants map[string][]*regexp.Regexp, overlay map[string][]byte) {
	t.Helper()
	wants, overlay = make(map[string][]*regexp.Regexp), make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		absolute, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		plain := slices.Clone(content)
		overlay[absolute] = plain
		fset := token.NewFileSet()
		file := fset.AddFile(path, -1, len(content))
		var s scanner.Scanner
		s.Init(file, content, nil, scanner.ScanComments)
		for {
			pos, tok, text := s.Scan()
			if tok == token.EOF {
				return nil
			}
			if tok != token.COMMENT {
				continue
			}
			offset, length := fset.Position(pos).Offset, len(text)
			text = strings.TrimSpace(strings.TrimSuffix(text[2:], "*/"))
			rest, ok := strings.CutPrefix(text, "want ")
			if ok {
				copy(plain[offset:], strings.Repeat(" ", length))
			}
			for ok && rest != "" {
				quoted, err := strconv.QuotedPrefix(rest)
				if err != nil {
					t.Fatalf("%s: %v in %s", fset.Position(pos), err, text)
				}
				want, err := strconv.Unquote(quoted)
				if err != nil {
					t.Fatalf("%s: %v in %s", fset.Position(pos), err, text)
				}
				line := fmt.Sprintf("%s:%d", path, fset.Position(pos).Line)
				wants[line] = append(wants[line], regexp.MustCompile(want))
				rest = strings.TrimSpace(rest[len(quoted):])
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return wants, overlay
}
