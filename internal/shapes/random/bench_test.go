package random

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

// bench is a module in which drawn packages are generated and tried.
type bench struct {
	dir     string
	env     []string
	checker *Checker
	cache   string    // of the go command, "" for the user's
	warm    time.Time // when it held all that every batch needs
	called  int       // how many wrappers were called
	calls   bool      // what is generated is vetted and called, and not only type-checked
}

// failure is what is wrong with a package.
type failure struct {
	pkg       *Package
	words     []string
	generated map[string]string
	tests     []string // the names of the functions that call wrappers

	diagnostics annotations.Diagnostics
	checked     *types.Package
}

func newBench(dir string) (*bench, error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, env: append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local", "PWD="+dir)}
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	text := strings.Replace(string(own), "module github.com/guardgen/guardgen\n", "module "+Module+"\n", 1) +
		"\nrequire github.com/guardgen/guardgen v0.0.0\n\nreplace github.com/guardgen/guardgen => " + strconv.Quote(root) + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o644); err != nil {
		return nil, err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644); err != nil {
		return nil, err
	}
	b.checker, err = NewChecker(dir, b.env, annotations.RuntimePath)
	return b, err
}

// run generates the wrappers of packages and returns what is wrong with them.
func (b *bench) run(packages []*Package) []failure {
	b.clear()
	if b.cache != "" {
		if !b.warm.IsZero() {
			b.sweep(b.warm)
		}
		defer func() {
			if b.warm.IsZero() {
				b.warm = time.Now() // the standard library and the runtime are compiled
			}
		}()
	}
	byPath := make(map[string]*failure)
	var failures []*failure
	for _, p := range packages {
		f := &failure{pkg: p, generated: make(map[string]string)}
		failures = append(failures, f)
		byPath[p.Path] = f
		if err := p.Write(b.dir); err != nil {
			f.words = append(f.words, err.Error())
		}
	}
	for _, f := range failures {
		f.checked, _ = b.checker.Check(f.pkg, nil)
	}
	loaded, diagnostics := annotations.Load(context.Background(), annotations.Config{Dir: b.dir, Env: b.env}, "./...")
	refused := make(map[*failure]bool)
	for _, d := range diagnostics {
		dir, _, _ := strings.Cut(filepath.ToSlash(d.Pos.Filename), "/")
		f := byPath[Module+"/"+dir]
		if f == nil {
			f = failures[0]
		}
		f.diagnostics = append(f.diagnostics, d)
	}
	for _, f := range failures {
		refused[f] = f.judgeRefusals()
	}
	seen := make(map[*failure]bool)
	for _, pkg := range loaded {
		f := byPath[strings.TrimSuffix(pkg.Path, "_test")]
		if f == nil {
			failures[0].words = append(failures[0].words, "package "+pkg.Path+" has annotated types")
			continue
		}
		seen[f] = true
		if !refused[f] {
			b.generate(f, pkg)
		}
	}
	for _, f := range failures {
		if !seen[f] && !refused[f] {
			f.words = append(f.words, "no annotated type found")
		}
	}
	if b.calls {
		b.vet(failures, byPath)
		b.call(failures, byPath)
	}
	var bad []failure
	for _, f := range failures {
		if len(f.words) > 0 {
			bad = append(bad, *f)
		}
	}
	return bad
}

// generate writes the wrappers of one package and checks them.
func (b *bench) generate(f *failure, pkg *annotations.Package) {
	for _, file := range pkg.Files {
		text, findings := templates.File(pkg, file)
		f.judgeFindings(file, findings)
		if text == nil {
			continue
		}
		name, _ := filepath.Rel(b.dir, annotations.GeneratedPath(file.Path))
		f.generated[filepath.ToSlash(name)] = string(text)
		if formatted, err := format.Source(text); err != nil || !bytes.Equal(text, formatted) {
			f.words = append(f.words, fmt.Sprintf("gofmt: %s: %v: %s", name, err, firstDifference(string(text), string(formatted))))
		}
		for _, client := range file.Clients {
			f.account(pkg.Path, client, string(text))
		}
	}
	if len(f.generated) < len(pkg.Files) {
		return // and rightly so
	}
	if _, errs := b.checker.Check(f.pkg, f.generated); len(errs) > 0 {
		for _, err := range errs {
			f.words = append(f.words, "does not compile: "+err.Error())
		}
	}
	for name, text := range f.generated {
		os.WriteFile(filepath.Join(b.dir, filepath.FromSlash(name)), []byte(text), 0o644)
	}
	if b.calls && len(f.words) == 0 {
		b.writeCalls(f, pkg)
	}
}

// firstDifference returns the line of a that differs from b's, and b's.
func firstDifference(a, b string) string {
	other := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(other) || line != other[i] {
			return strconv.Quote(line) + " for " + strconv.Quote(strings.Join(other[i:min(len(other), i+1)], ""))
		}
	}
	return ""
}

// useOwnCache lets the go command keep what it compiles in dir, where clear removes what belongs to the batch before: else
// a long run leaves gigabytes.
func (b *bench) useOwnCache(dir string) {
	b.cache = dir
	b.env = append(b.env, "GOCACHE="+dir)
}

// sweep removes from the cache what was compiled since then.
func (b *bench) sweep(since time.Time) {
	filepath.WalkDir(b.cache, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil && info.ModTime().After(since) {
			os.Remove(path)
		}
		return nil
	})
}

// clear removes what was drawn.
func (b *bench) clear() {
	os.Remove(filepath.Join(b.dir, "drawn_test.go"))
	entries, _ := os.ReadDir(b.dir)
	for _, e := range entries {
		if e.IsDir() {
			os.RemoveAll(filepath.Join(b.dir, e.Name()))
		}
	}
}
