package annotations

import (
	"bytes"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// home is the package in a directory that a new file is to join. It may have no file yet, and the new one may be there
// and empty: the shell makes it before guardgen runs.
type home struct {
	dir       string
	name      string // in its package clauses, or made from the directory's
	path      string // import path, "" where the go command knows none
	generates bool   // a file has a go:generate line for guardgen
	empty     []string
}

// readHome looks at the files in a directory.
func readHome(dir string) home {
	h := home{dir: dir}
	paths, _ := filepath.Glob(filepath.Join(dir, "*.go")) // the pattern is well-formed, and without files there is no package yet
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil || isTest(path) {
			continue
		}
		if len(bytes.TrimSpace(content)) == 0 {
			h.empty = append(h.empty, path)
			continue
		}
		if generateLine.Match(content) {
			h.generates = true
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, content, parser.PackageClauseOnly|parser.ParseComments)
		if err == nil && h.name == "" && !isGenerated(file) {
			h.name = file.Name.Name
		}
	}
	if h.name == "" {
		h.name = nameOfDirectory(dir)
	}
	return h
}

var generateLine = regexp.MustCompile(`(?m)^//go:generate\s.*\bguardgen\b`)

// majorVersion matches the last element of the path of a module's later versions.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// nameOfDirectory makes the name of a package from that of its directory.
func nameOfDirectory(dir string) string {
	base := filepath.Base(dir)
	if majorVersion.MatchString(base) {
		base = filepath.Base(filepath.Dir(dir))
	}
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, base)
	name = strings.TrimLeftFunc(name, unicode.IsDigit)
	if !token.IsIdentifier(name) {
		return "main"
	}
	return name
}

// placeholder is a file that the go command sees in the directory, so that there is a package to ask about.
func (h home) placeholder() string { return filepath.Join(h.dir, "guardgen_suggestion.go") }

// overlay adds to an overlay what makes the directory a package: the placeholder, and a clause for empty files.
func (h home) overlay(others map[string][]byte) map[string][]byte {
	overlay := make(map[string][]byte)
	clause := []byte("package " + h.name + "\n")
	for _, path := range append(h.empty, h.placeholder()) {
		overlay[path] = clause
	}
	maps.Copy(overlay, others)
	return overlay
}
