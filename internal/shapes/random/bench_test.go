package random

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/guardgen/guardgen/annotations"
	"github.com/guardgen/guardgen/templates"
)

// bench is a module in which drawn packages are generated and tried.
type bench struct {
	dir     string
	env     []string
	checker *Checker
}

// failure is what is wrong with a package.
type failure struct {
	pkg       *Package
	words     []string
	generated map[string]string
}

func newBench(dir string) (*bench, error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, env: append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off", "GOTOOLCHAIN=local")}
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
	defer b.clear()
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
	loaded, diagnostics := annotations.Load(context.Background(), annotations.Config{Dir: b.dir, Env: b.env}, "./...")
	refused := make(map[*failure]bool)
	for _, d := range diagnostics {
		if d.Severity != annotations.Error {
			continue
		}
		dir, _, _ := strings.Cut(filepath.ToSlash(d.Pos.Filename), "/")
		f := byPath[Module+"/"+dir]
		if f == nil {
			f = failures[0]
		}
		refused[f] = true
		f.words = append(f.words, "refused: "+d.String())
	}
	seen := make(map[*failure]bool)
	for _, pkg := range loaded {
		f := byPath[pkg.Path]
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
	if *vet {
		b.vet(failures, byPath)
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
		for _, d := range findings {
			if len(f.pkg.Redefines) == 0 || !strings.Contains(d.Message, "cannot be named here, because package") {
				f.words = append(f.words, "not written: "+d.String())
			}
		}
		if text == nil {
			continue
		}
		name, _ := filepath.Rel(b.dir, templates.FileName(file.Path))
		f.generated[filepath.ToSlash(name)] = string(text)
		if formatted, err := format.Source(text); *tidy && (err != nil || !bytes.Equal(text, formatted)) {
			f.words = append(f.words, fmt.Sprintf("gofmt: %s: %v: %s", name, err, firstDifference(string(text), string(formatted))))
		}
		for _, client := range file.Clients {
			f.words = append(f.words, unguarded(f.pkg, client, string(text))...)
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

// unguarded compares the methods that a wrapper guards with those that were drawn to be.
func unguarded(p *Package, client *annotations.Client, text string) (words []string) {
	for _, c := range p.Clients {
		if c.Name != client.Name {
			continue
		}
		_, spec, _ := strings.Cut(text, strconv.Quote(p.Path+"."+c.Name))
		spec, _, _ = strings.Cut(spec, "\n}")
		for _, m := range c.Methods {
			is := regexp.MustCompile(`\{Name: ` + regexp.QuoteMeta(strconv.Quote(m.Name)) + `[,}]`).MatchString(spec)
			if is != m.Guarded && !m.ignored {
				words = append(words, fmt.Sprintf("%s.%s is guarded: %t, and should be: %t", c.Name, m.Name, is, m.Guarded))
			}
		}
		return words
	}
	return []string{"nobody drew " + client.Name}
}

// vet lets the go command compile and vet everything that generated well.
func (b *bench) vet(failures []*failure, byPath map[string]*failure) {
	vet := exec.Command("go", "vet", "-structtag=false", "./...")
	vet.Dir, vet.Env = b.dir, b.env
	output, err := vet.CombinedOutput()
	if err == nil {
		return
	}
	at := failures[0]
	for line := range strings.Lines(string(output)) {
		line = strings.TrimSpace(line)
		if path, ok := strings.CutPrefix(line, "# "); ok {
			path, _, _ = strings.Cut(strings.Trim(path, "[]"), " ")
			if f := byPath[path]; f != nil {
				at = f
			}
			continue
		}
		at.words = append(at.words, "vet: "+line)
	}
}

// clear removes what was drawn.
func (b *bench) clear() {
	entries, _ := os.ReadDir(b.dir)
	for _, e := range entries {
		if e.IsDir() {
			os.RemoveAll(filepath.Join(b.dir, e.Name()))
		}
	}
}

// shrink takes types and methods away while the package still fails in the same way.
func (b *bench) shrink(f failure) failure {
	kind := func(f failure) string { return strings.SplitN(f.words[0], ":", 2)[0] }
	want := kind(f)
	try := func(smaller *Package) bool {
		if _, errs := b.checker.Check(smaller, nil); len(errs) > 0 {
			return false
		}
		again := b.run([]*Package{smaller})
		if len(again) == 0 || kind(again[0]) != want {
			return false
		}
		f = again[0]
		return true
	}
	for i := len(f.pkg.Clients) - 1; i >= 0 && len(f.pkg.Clients) > 1; i-- {
		try(f.pkg.withoutClient(i))
	}
	for i := len(f.pkg.Clients) - 1; i >= 0; i-- {
		for k := len(f.pkg.Clients[i].Methods) - 1; k >= 0 && len(f.pkg.Clients[i].Methods)+len(f.pkg.Clients[i].embeds) > 1; k-- {
			try(f.pkg.withoutMethod(i, k))
		}
		for k := len(f.pkg.Clients[i].embeds) - 1; k >= 0 && len(f.pkg.Clients[i].Methods)+len(f.pkg.Clients[i].embeds) > 1; k-- {
			try(f.pkg.withoutEmbed(i, k))
		}
	}
	return f
}
